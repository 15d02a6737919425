import { labelsToRecord } from '@paddlewatch/model';
import { parseRuleTemplate, prometheusFunctions, RuleData } from '@paddlewatch/template';
import type { QueryFunction } from './rule.ts';

/** What templates of all rules may read. */
export interface Annotator {
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
}

/** @throws TemplateError where the text is no template. */
export function checkTemplate(text: string): void {
  parseRuleTemplate(text, 'rule', prometheusFunctions({ query: () => [], externalUrl: 'http://localhost' }));
}

/** A label or annotation filled in; where that fails, the text says why, as Prometheus does: an alert must go out. */
export async function expandTemplate(
  text: string,
  alertname: string,
  sample: { readonly labels: Readonly<Record<string, string>>; readonly value: number },
  { externalLabels, externalUrl }: Annotator,
  query: QueryFunction,
  at: number,
): Promise<string> {
  if (!text.includes('{{')) return text;
  const ask = async (expr: string) =>
    (await query(expr, at)).map(({ labels, v }) => ({ Labels: labelsToRecord(labels), Value: v }));
  try {
    const functions = prometheusFunctions({ query: ask, externalUrl, now: () => at });
    const template = parseRuleTemplate(text, alertname, functions);
    return await template.executeAsync(
      new RuleData(sample.labels, externalLabels, externalUrl, sample.value),
    );
  } catch (error) {
    return `<error expanding template: ${(error as Error).message}>`;
  }
}
