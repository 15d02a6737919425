export type { Alerting, AlertingOptions } from './app.ts';
export { startAlerting } from './app.ts';
export type { HistoryEvent } from './history/event.ts';
