import { ask } from './request.ts';

export interface Runtime {
  reloadConfigSuccess: boolean;
  /** Paddlewatch says why; a Prometheus does not. */
  reloadConfigError?: string;
}

export function runtime(signal: AbortSignal): Promise<Runtime> {
  return ask<Runtime>('v1/status/runtimeinfo', {}, signal);
}
