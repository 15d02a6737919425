import { createHash } from 'node:crypto';
import { type Labels, labelsFrom, labelsToRecord, labelValue, withLabel } from '@paddlewatch/model';
import type { RelabelRule } from '../config/relabel.ts';
import { expandTemplate } from './template.ts';

/** The labels after all rules, or undefined where a rule drops them. Rules see what the rules before them made. */
export function relabel(labels: Labels, rules: readonly RelabelRule[]): Labels | undefined {
  let current: Labels | undefined = labels;
  for (const rule of rules) {
    current = applyRule(current, rule);
    if (!current) return undefined;
  }
  return current;
}

function applyRule(labels: Labels, rule: RelabelRule): Labels | undefined {
  const target = rule.target_label;
  switch (rule.action) {
    case 'replace':
      return replace(labels, rule);
    case 'keep':
      return rule.regex.test(source(labels, rule)) ? labels : undefined;
    case 'drop':
      return rule.regex.test(source(labels, rule)) ? undefined : labels;
    case 'keepequal':
      return source(labels, rule) === labelValue(labels, target) ? labels : undefined;
    case 'dropequal':
      return source(labels, rule) === labelValue(labels, target) ? undefined : labels;
    case 'hashmod':
      return withLabel(labels, target, hashmod(source(labels, rule), rule.modulus));
    case 'lowercase':
      return withLabel(labels, target, source(labels, rule).toLowerCase());
    case 'uppercase':
      return withLabel(labels, target, source(labels, rule).toUpperCase());
    case 'labelmap':
      return labelmap(labels, rule);
    case 'labeldrop':
      return filterNames(labels, (name) => !rule.regex.test(name));
    case 'labelkeep':
      return filterNames(labels, (name) => rule.regex.test(name));
  }
}

/** Values of the source labels, joined; a missing label has the value ''. */
function source(labels: Labels, rule: RelabelRule): string {
  return rule.source_labels.map((name) => labelValue(labels, name)).join(rule.separator);
}

function replace(labels: Labels, rule: RelabelRule): Labels {
  const { regex, target_label, replacement } = rule;
  const groups = regex.exec(source(labels, rule));
  if (!groups) return labels;
  const target = expandTemplate(target_label, regex.pattern, groups);
  // The target may itself come from a match, so an empty name is known only now: there is nothing to write.
  if (target === '') return labels;
  return withLabel(labels, target, expandTemplate(replacement, regex.pattern, groups));
}

function labelmap(labels: Labels, { regex, replacement }: RelabelRule): Labels {
  const record = labelsToRecord(labels);
  for (let i = 0; i < labels.length; i += 2) {
    const groups = regex.exec(labels[i]!);
    if (groups) record[expandTemplate(replacement, regex.pattern, groups)] = labels[i + 1]!;
  }
  return labelsFrom(record);
}

function filterNames(labels: Labels, keep: (name: string) => boolean): Labels {
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (keep(labels[i]!)) kept.push(labels[i]!, labels[i + 1]!);
  return kept;
}

/** MD5 as Prometheus uses it: its last eight bytes as one big-endian number. */
function hashmod(text: string, modulus: number): string {
  const low = createHash('md5').update(text).digest().readBigUInt64BE(8);
  return String(low % BigInt(modulus));
}
