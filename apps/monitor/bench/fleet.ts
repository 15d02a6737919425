const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
const seriesOfHistogram = bounds.length + 2;
const statuses = ['200', '429', '500'];

/** A service's page of sample lines: latency histograms first, counters after them; the same in every run. */
export class ServicePage {
  readonly #heads: string[] = [];
  readonly #values: Float64Array;
  #state: number;

  constructor(index: number, series: number) {
    this.#state = (index + 1) * 0x9e3779b1;
    const base = `model="model-${index % 10}",version="1.${index % 3}.0",zone="zone-${index % 4}"`;
    for (let h = 0; this.#heads.length + seriesOfHistogram <= series; h++) {
      const labels = `endpoint="/v1/${h % 2 ? 'embed' : 'predict'}-${h >> 3}",status="${statuses[h % 3]}",worker="${h}",${base}`;
      const name = 'paddle_request_duration_seconds';
      for (const le of bounds) this.#heads.push(`${name}_bucket{${labels},le="${le}"} `);
      this.#heads.push(`${name}_sum{${labels}} `, `${name}_count{${labels}} `);
    }
    while (this.#heads.length < series) {
      this.#heads.push(`paddle_requests_total{${base},queue="${this.#heads.length}"} `);
    }
    this.#values = new Float64Array(series);
  }

  /** The page a while later. In another order each time where it is `shuffled`, as a map without order writes it. */
  render(shuffled = false): string {
    const lines = this.#heads.map((head, i) => head + this.#advance(i));
    if (shuffled) this.#shuffle(lines);
    return `# HELP paddle_request_duration_seconds Request latency.\n# TYPE paddle_request_duration_seconds histogram\n${lines.join('\n')}\n`;
  }

  /** Two thirds of the counters move between two pages; sums have fractions. */
  #advance(i: number): number {
    const step = this.#random();
    if (step > 1 / 3)
      this.#values[i]! += i % seriesOfHistogram === bounds.length ? step : Math.floor(40 * step);
    return this.#values[i]!;
  }

  #shuffle(lines: string[]): void {
    for (let i = lines.length - 1; i > 0; i--) {
      const other = Math.floor(this.#random() * (i + 1));
      [lines[i], lines[other]] = [lines[other]!, lines[i]!];
    }
  }

  /** A linear congruential generator (Numerical Recipes). */
  #random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
