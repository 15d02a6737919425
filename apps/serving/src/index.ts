export type { Serving, ServingOptions } from './app.ts';
export { startServing } from './app.ts';
export type { ModelSource } from './infer/protocol.ts';
export type { Fault } from './queue/fault.ts';
