import { formatValue, labelsFrom, labelsKey, type Matcher } from '@paddlewatch/model';
import type { Db } from '../src/index.ts';
import type { RealPrometheus } from './real-prometheus.ts';
import { TestSamples } from './samples.ts';

/** Times and values of each series, in order. */
export type Dump = Map<string, [number, string][]>;

/** Every sample of a window as both programs write it, staleness markers left out as Prometheus does. */
export async function dumpOurs(
  db: Db,
  mint: number,
  maxt: number,
  matchers: readonly Matcher[] = [],
): Promise<Dump> {
  const set = await db.querier(mint, maxt).select(matchers, { mint, maxt });
  const dump: Dump = new Map();
  const into = new TestSamples();
  for (let i = 0; i < set.length; i++) {
    into.length = 0;
    set.read(i, mint, maxt, into);
    const samples = into
      .bits()
      .map(({ t, bits }, k): [number, string] => [
        t,
        bits === 0x7ff0000000000002n ? 'stale' : formatValue(into.v[k]!),
      ])
      .filter(([, text]) => text !== 'stale');
    if (samples.length > 0) dump.set(labelsKey(set.labels(i)), samples);
  }
  return new Map([...dump].sort());
}

/** The same of Prometheus, where the window ends at `time`. */
export async function dumpTheirs(
  prometheus: RealPrometheus,
  time: number,
  window: string,
  selector = '{__name__=~".+"}',
): Promise<Dump> {
  const result = await prometheus.query(`${selector}[${window}]`, time);
  const rows = result.map(({ metric, values }): [string, [number, string][]] => [
    labelsKey(labelsFrom(metric)),
    (values ?? []).map(([t, text]) => [
      Math.round(t * 1000),
      formatValue(Number(text.replace('Inf', 'Infinity'))),
    ]),
  ]);
  return new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}
