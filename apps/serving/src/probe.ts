import { setTimeout as delay } from 'node:timers/promises';
import type { TensorSpec } from '@paddlewatch/paddle';
import type { ServedVersion } from './catalog.ts';
import type { Probe } from './http/routes.ts';
import type { Pool } from './infer/pool.ts';
import { zeros } from './tensor.ts';

/** How long a probe may take before the version counts as hung, and how long its answer is good for. */
const patienceMs = 5000;
const freshMs = 1000;

/** Asks every version for one real inference on zeros. Callers at the same time share one round. */
export function probeAll(versions: readonly ServedVersion[], pool: Pool): () => Promise<readonly Probe[]> {
  let round: Promise<readonly Probe[]> | undefined;
  return () => {
    round ??= Promise.all(versions.map((version, i) => probe(version, i, pool))).finally(() => {
      setTimeout(() => {
        round = undefined;
      }, freshMs).unref();
    });
    return round;
  };
}

async function probe({ name, version, inputs }: ServedVersion, index: number, pool: Pool): Promise<Probe> {
  const patience = new AbortController();
  const late = delay(patienceMs, `no answer to a probe within ${patienceMs} ms`, { signal: patience.signal });
  late.catch(() => {}); // aborted when the answer came first
  const fault = await Promise.race([infer(index, inputs, pool), late]);
  patience.abort();
  return { model: name, version, fault };
}

async function infer(index: number, inputs: readonly TensorSpec[], pool: Pool): Promise<string | undefined> {
  const seat = await pool.acquire();
  try {
    await seat.run(index, zeros(inputs));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    seat.release();
  }
}
