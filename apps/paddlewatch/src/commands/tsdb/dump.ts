import fs from 'node:fs';
import { formatHistogram, formatLabels, formatValue, type Matcher } from '@paddlewatch/model';
import { SampleBuffer } from '@paddlewatch/promql';
import { Db } from '@paddlewatch/tsdb';

export interface DumpOptions {
  readonly dir: string;
  readonly matchers: readonly Matcher[];
  /** Milliseconds, both included. */
  readonly mint: number;
  readonly maxt: number;
}

/** Prints every sample, `labels value time`, series by series. The database must not be in use. */
export async function dump({ dir, matchers, mint, maxt }: DumpOptions): Promise<void> {
  if (!fs.existsSync(dir)) throw new Error(`cannot dump ${dir}: there is no such folder`);
  const db = await Db.open({ dir });
  const querier = db.querier(mint, maxt);
  try {
    const set = await querier.select(matchers, { mint, maxt });
    const samples = new SampleBuffer();
    for (let i = 0; i < set.length; i++) {
      samples.clear();
      set.read(i, mint, maxt, samples);
      const labels = formatLabels(set.labels(i));
      let text = '';
      for (let k = 0; k < samples.length; k++) {
        const histogram = samples.histograms[k];
        const value = histogram ? formatHistogram(histogram) : formatValue(samples.v[k]!);
        text += `${labels} ${value} ${samples.t[k]}\n`;
      }
      if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
  } finally {
    querier.close();
    await db.close();
  }
}
