import { z } from 'zod';

/** The message of a fault as a user reads it: what is wrong, then the cure. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, knownKeys(issue.inst))).join('\n');
    case 'invalid_type':
      return issue.input === undefined
        ? `a value is missing here: write ${article(issue.expected)}`
        : `write ${article(issue.expected)}, not ${excerpt(issue.input)}`;
    case 'invalid_value':
      return `write ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}, not ${excerpt(issue.input)}`;
    default:
      return undefined;
  }
}

/** The issues that a person can act on: of a union, those of the branch that came nearest. */
export function leaves(issue: z.core.$ZodIssue, base: readonly PropertyKey[] = []): z.core.$ZodIssue[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => leaves(inner, path)));
  return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'invalid_type' ? 0 : 0.5)));
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, distance: editDistance(key, name) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near && near.distance <= Math.max(2, key.length / 4))
    return `unknown key "${key}": did you mean "${near.name}"?`;
  const list = known.length > 0 ? `; the keys that may stand here are ${known.join(', ')}` : '';
  return `unknown key "${key}": remove it${list}`;
}

function article(type: string): string {
  switch (type) {
    case 'object':
    case 'record':
      return 'a map (key: value)';
    case 'array':
      return 'a list (- item)';
    case 'nonoptional':
      return 'a value';
    case 'int':
      return 'a whole number';
    default:
      return `a ${type}`;
  }
}

function excerpt(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = String(value);
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
}

/** Levenshtein distance, by rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
