import { kindOf } from './value.ts';

/** What a function takes in one place. `number` also takes an int; `any` takes nil too. */
export type Parameter = 'any' | 'string' | 'int' | 'number' | 'bool' | 'list' | 'map' | 'func';

/** A function of templates. It may return a promise where the template is run with `executeAsync`. */
export interface TemplateFunction {
  readonly takes: readonly Parameter[];
  /** What any further arguments must be; without it there are none. */
  readonly rest?: Parameter;
  // The table's `takes` says what the arguments are, and the evaluator has checked them before the call.
  readonly call: (...args: never[]) => unknown;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** A row of a function table. */
export function takes<A extends unknown[]>(
  parameters: readonly Parameter[],
  call: (...args: A) => unknown,
  rest?: Parameter,
): TemplateFunction {
  return rest === undefined ? { takes: parameters, call } : { takes: parameters, call, rest };
}

export function fits(value: unknown, parameter: Parameter): boolean {
  const kind = kindOf(value);
  switch (parameter) {
    case 'any':
      return true;
    case 'number':
      return kind === 'float64' || kind === 'int';
    case 'map':
      return kind === 'map' || kind === 'struct';
    default:
      return kind === parameter;
  }
}

/** A parameter as Go names its type. */
export function goType(parameter: Parameter): string {
  const names: Partial<Record<Parameter, string>> = {
    any: 'interface {}',
    number: 'float64',
    list: '[]string',
    map: 'map[string]string',
  };
  return names[parameter] ?? parameter;
}
