import { Duration } from './duration.ts';
import { Time } from './time.ts';

/**
 * Values of a template are JavaScript's: a `number` is Go's float64, a `bigint` its int, `null` and `undefined` its nil,
 * an array its slice, a Map or a plain object its map[string]string (a missing key is ''), and an instance of any other
 * class its struct: its properties are fields, its functions with a capital letter are methods.
 */
export type Kind = 'nil' | 'bool' | 'int' | 'float64' | 'string' | 'list' | 'map' | 'struct' | 'func';

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'string':
      return 'string';
    case 'function':
      return 'func';
    case 'object':
      break;
    default:
      return 'nil';
  }
  if (value === null) return 'nil';
  if (Array.isArray(value)) return 'list';
  return value instanceof Map || isPlain(value) ? 'map' : 'struct';
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The name of a value's type as Go would print it. */
export function typeName(value: unknown): string {
  if (value instanceof Time) return 'time.Time';
  if (value instanceof Duration) return 'time.Duration';
  const kind = kindOf(value);
  switch (kind) {
    case 'nil':
      return '<nil>';
    case 'list':
      return `[]${(value as unknown[]).length ? typeName((value as unknown[])[0]) : 'interface {}'}`;
    case 'map':
      return 'map[string]string';
    case 'struct':
      return (value as object).constructor.name;
    default:
      return kind;
  }
}

/** Whether an `if` takes its first branch. */
export function isTrue(value: unknown): boolean {
  switch (kindOf(value)) {
    case 'nil':
      return false;
    case 'list':
      return (value as unknown[]).length > 0;
    case 'map':
      return mapSize(value as object) > 0;
    case 'struct':
    case 'func':
      return true;
    default:
      return Boolean(value) || Number.isNaN(value);
  }
}

export function mapSize(map: object): number {
  return map instanceof Map ? map.size : Object.keys(map).length;
}

/** Keys and values of a map in Go's order: sorted by key. */
export function mapEntries(map: object): [unknown, unknown][] {
  const entries: [unknown, unknown][] = map instanceof Map ? [...map] : Object.entries(map);
  return entries.sort(([a], [b]) =>
    (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0,
  );
}

export function mapValue(map: object, key: string): unknown {
  const value =
    map instanceof Map ? map.get(key) : Object.hasOwn(map, key) ? map[key as keyof object] : undefined;
  return value === undefined ? '' : value;
}
