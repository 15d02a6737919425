import type { Labels } from '../../api/frame.ts';
import type { Silence, SilenceMatcher } from '../../api/silences.ts';

export type Operator = '=' | '!=' | '=~' | '!~';
export const operators: readonly Operator[] = ['=', '!=', '=~', '!~'];

/** A matcher as a form holds it. */
export interface MatcherDraft {
  name: string;
  operator: Operator;
  value: string;
}

export function toMatcher({ name, operator, value }: MatcherDraft): SilenceMatcher {
  return { name, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

export function operatorOf({ isRegex, isEqual = true }: SilenceMatcher): Operator {
  return isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
}

export function draftsOf(labels: Labels): MatcherDraft[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a === 'alertname' ? -1 : b === 'alertname' ? 1 : a < b ? -1 : 1))
    .map(([name, value]) => ({ name, operator: '=', value }));
}

/** As Alertmanager matches: patterns are anchored, a label that is missing is empty. A broken pattern fits nothing. */
export function fits(drafts: readonly MatcherDraft[], labels: Labels): boolean {
  return drafts.every(({ name, operator, value }) => {
    const own = labels[name] ?? '';
    const equal = operator.endsWith('~') ? patternFits(value, own) : own === value;
    return equal === undefined ? false : equal === operator.startsWith('=');
  });
}

/** Whether one of the silences that hold now hides an alert with these labels. */
export function isSilenced(silences: readonly Silence[], labels: Labels): boolean {
  return silences.some(
    ({ status, matchers }) =>
      status.state === 'active' &&
      fits(
        matchers.map((matcher) => ({ ...matcher, operator: operatorOf(matcher) })),
        labels,
      ),
  );
}

/** A preview only: the server judges by RE2, whose patterns are with few exceptions JavaScript's too. */
function patternFits(pattern: string, text: string): boolean | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(text);
  } catch {
    return undefined;
  }
}
