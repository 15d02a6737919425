import { z } from 'zod';

/** One setting as documentation shows it. */
export interface Setting {
  /** `scrape_configs[].scrape_interval` */
  readonly path: string;
  readonly type: string;
  /** As JSON; undefined where the setting has none. */
  readonly default?: string;
  readonly required: boolean;
  readonly description: string;
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Every setting of a schema, in its order: path, type, default and what `.describe()` says of it. */
export function describeSettings(schema: z.ZodType): Setting[] {
  const root = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    cycles: 'ref',
  });
  return [...settings(root, '')];
}

function* settings(schema: JsonSchema, path: string): Generator<Setting> {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const setting = inner as JsonSchema;
    const here = path === '' ? name : `${path}.${name}`;
    yield {
      path: here,
      type: typeName(setting),
      default: setting.default === undefined ? undefined : JSON.stringify(setting.default),
      required: schema.required?.includes(name) ?? false,
      description: setting.description ?? '',
    };
    yield* settings(setting, here);
    if (typeof setting.items === 'object') yield* settings(setting.items as JsonSchema, `${here}[]`);
  }
}

function typeName(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.type === 'array') return `list of ${typeName((schema.items as JsonSchema | undefined) ?? {})}`;
  if (schema.type === 'object') return 'map';
  return typeof schema.type === 'string' ? schema.type : 'value';
}
