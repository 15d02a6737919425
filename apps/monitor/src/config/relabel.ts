import { legacyLabelName, parsed, regexp } from '@paddlewatch/config';
import { z } from 'zod';

const actions = [
  ...(['replace', 'keep', 'drop', 'keepequal', 'dropequal', 'hashmod'] as const),
  ...(['labelmap', 'labeldrop', 'labelkeep', 'lowercase', 'uppercase'] as const),
] as const;

const action = parsed('action', (text) => {
  const known = actions.find((name) => name === text.toLowerCase());
  if (!known) throw new SyntaxError(`unknown relabel action "${text}"; write one of ${actions.join(', ')}`);
  return known;
});

const needsTarget = new Set<string>([
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);
const regexOnly = new Set<string>(['labeldrop', 'labelkeep']);

/** One relabelling rule; what each action needs and forbids is checked here. */
export const relabelRule = z
  .strictObject({
    source_labels: z.array(z.string()).default([]),
    separator: z.string().default(';'),
    regex: regexp.prefault('(.*)'),
    modulus: z.int().nonnegative().default(0),
    target_label: z.string().default(''),
    replacement: z.string().default('$1'),
    action: action.prefault('replace'),
  })
  .superRefine((rule, context) => {
    const fault = faultOf(rule);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

export type RelabelRule = z.output<typeof relabelRule>;

export const relabelRules = z.array(relabelRule).default([]);

function faultOf(rule: {
  action: string;
  modulus: number;
  target_label: string;
  separator: string;
  replacement: string;
  source_labels: readonly string[];
  regex: { pattern: string };
}): string | undefined {
  const { action: name } = rule;
  if (needsTarget.has(name) && rule.target_label === '') return `the action ${name} needs a target_label`;
  if (name === 'hashmod' && rule.modulus === 0) return 'the action hashmod needs a modulus';
  if ((name === 'lowercase' || name === 'uppercase' || name === 'hashmod') && !legacy(rule.target_label))
    return `"${rule.target_label}" is not a target_label for the action ${name}`;
  const plain = rule.separator === ';' && rule.replacement === '$1' && rule.modulus === 0;
  if (regexOnly.has(name) && !(plain && rule.target_label === '' && rule.source_labels.length === 0))
    return `the action ${name} takes a regex and nothing else`;
  if ((name === 'keepequal' || name === 'dropequal') && !(plain && rule.regex.pattern === '(.*)'))
    return `the action ${name} takes source_labels and target_label and nothing else`;
  return undefined;
}

function legacy(name: string): boolean {
  return legacyLabelName.safeParse(name).success;
}
