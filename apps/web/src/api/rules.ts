import type { Labels } from './frame.ts';
import { ask } from './request.ts';

export type AlertState = 'firing' | 'pending' | 'inactive' | 'unknown';

export interface RuleAlert {
  labels: Labels;
  annotations: Labels;
  state: 'firing' | 'pending';
  activeAt?: string;
  keepFiringSince?: string;
  value: string;
}

interface RuleBase {
  name: string;
  query: string;
  labels?: Labels;
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  /** Seconds. */
  evaluationTime: number;
  lastEvaluation: string;
}

export interface AlertingRule extends RuleBase {
  type: 'alerting';
  state: AlertState;
  /** `for`, in seconds. */
  duration: number;
  keepFiringFor?: number;
  annotations?: Labels;
  alerts: RuleAlert[];
}

export interface RecordingRule extends RuleBase {
  type: 'recording';
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleGroup {
  name: string;
  file: string;
  rules: Rule[];
  /** Seconds. */
  interval: number;
  evaluationTime: number;
  lastEvaluation: string;
}

export async function ruleGroups(signal: AbortSignal): Promise<RuleGroup[]> {
  const data = await ask<{ groups: RuleGroup[] }>('v1/rules', {}, signal);
  return data.groups;
}
