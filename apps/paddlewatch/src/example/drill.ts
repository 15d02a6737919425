import type { Delivery, Inbox } from './inbox.ts';

/** What goes wrong in a drill, and which of the article's alerts must notice. */
export const drills = {
  slow: {
    alert: 'HighInferenceLatency',
    fault: { extraSeconds: 2.5 },
    says: 'v2 takes 2.5 s longer for every image',
  },
  errors: {
    alert: 'InferenceErrorRateHigh',
    fault: { failureShare: 0.5 },
    says: 'v2 fails every other request',
  },
} as const;

export type DrillName = keyof typeof drills;

/** The service under drill: breaks and mends version v2. */
export interface Patient {
  break(fault: { extraSeconds?: number; failureShare?: number }): void;
  mend(): void;
}

/** When each stage was reached, in seconds since the fault was injected. */
export interface DrillReport {
  readonly firing: number;
  readonly resolved: number;
}

/**
 * Breaks v2, waits until the alert has been delivered, mends it, waits until the resolution has been delivered.
 * @throws the signal's reason when it is stopped on the way.
 */
export async function runDrill(
  name: DrillName,
  patient: Patient,
  inbox: Inbox,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<DrillReport> {
  const { alert, fault, says } = drills[name];
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  const delivered = async (status: Delivery['status']) => {
    await inbox.wait((delivery) => delivery.status === status && delivery.alerts.includes(alert), signal);
    return since();
  };

  say(`drill ${name}: ${says}; waiting for ${alert}`);
  patient.break(fault);
  let firing: number;
  try {
    firing = await delivered('firing');
  } finally {
    patient.mend();
  }
  say(
    `drill ${name}: ${alert} delivered after ${firing.toFixed(1)} s; v2 is mended, waiting for the resolution`,
  );
  const resolved = await delivered('resolved');
  say(`drill ${name}: resolution delivered after ${resolved.toFixed(1)} s; the drill is over`);
  return { firing, resolved };
}
