import type { z } from 'zod';
import { ConfigError, type Fault } from './config-error.ts';
import { describeIssue, leaves } from './issue.ts';
import { type Path, YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** `first` ignores everything after the first document, as Prometheus does with rule files. Default `one`. */
  readonly documents?: 'one' | 'first';
}

/**
 * Checks a YAML text against a schema and fills in its defaults. All faults are reported at once.
 *
 * The schema decides what a scalar is: where it wants a string, `1.0` and `true` are the strings that were written, and
 * where it wants a boolean, `yes` and `off` are one. An empty value counts as not written.
 * @throws ConfigError with the file and line of every fault.
 */
export function loadYaml<S extends z.ZodType>(
  schema: S,
  text: string,
  file: string,
  { documents = 'one' }: LoadOptions = {},
): z.output<S> {
  const source = new YamlSource(text, documents);
  if (source.faults.length > 0) throw new ConfigError(file, source.faults);
  const value = { root: source.value() };
  for (;;) {
    const result = schema.safeParse(value.root, { error: describeIssue });
    if (result.success) return result.data;
    const issues = result.error.issues.flatMap((issue) => leaves(issue));
    // Every round replaces at least one scalar by one of the type that the schema wants, so the rounds end.
    if (issues.filter((issue) => reread(issue, value, source)).length > 0) continue;
    throw new ConfigError(
      file,
      issues.flatMap((issue) => faultOf(issue, source)),
    );
  }
}

function faultOf(issue: z.core.$ZodIssue, source: YamlSource): Fault[] {
  if (issue.code === 'unrecognized_keys' && issue.keys.length > 0) {
    const texts = issue.message.split('\n');
    return issue.keys.map((key, i) => ({
      line: source.lineOf([...issue.path, key]),
      message: texts[i] ?? issue.message,
    }));
  }
  const place = issue.path.length > 0 ? `${pathText(issue.path)}: ` : '';
  return [{ line: source.lineOf(issue.path), message: `${place}${issue.message}` }];
}

const booleans: Readonly<Record<string, boolean>> = {
  ...{ yes: true, on: true, true: true, y: true },
  ...{ no: false, off: false, false: false, n: false },
};

/** Takes a scalar of another type for what the schema expects. Whether something was replaced. */
function reread(issue: z.core.$ZodIssue, value: { root: unknown }, source: YamlSource): boolean {
  if (issue.code !== 'invalid_type') return false;
  const text = source.scalarText(issue.path);
  if (text === undefined) return false;
  const wanted =
    issue.expected === 'string'
      ? text
      : issue.expected === 'boolean'
        ? booleans[text.toLowerCase()]
        : undefined;
  if (wanted === undefined) return false;
  let holder: unknown = value;
  const path: Path = ['root', ...issue.path];
  for (const step of path.slice(0, -1)) holder = (holder as Record<PropertyKey, unknown>)?.[step];
  if (typeof holder !== 'object' || holder === null) return false;
  const record = holder as Record<PropertyKey, unknown>;
  const last = path.at(-1)!;
  if (record[last] === wanted) return false;
  record[last] = wanted;
  return true;
}

/** `scrape_configs[0].job_name` */
function pathText(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');
}
