export type { Monitor } from './app.ts';
export { prepareMonitor, startMonitor } from './app.ts';
export type { MonitorOptions, MonitorSettings } from './options.ts';
export type { AlertState, Transition } from './rules/alert.ts';
