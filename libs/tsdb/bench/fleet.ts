import { type Labels, labelsFrom } from '@paddlewatch/model';

const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
const seriesOfHistogram = bounds.length + 2;
const histograms = 6;
const gauges = 16;
export const seriesPerPod = histograms * seriesOfHistogram + gauges;

/** A pod of an inference service: six latency histograms, counters and gauges, 100 series; the same in every run. */
export class Pod {
  readonly labels: Labels[] = [];
  readonly values = new Float64Array(seriesPerPod);
  #state: number;
  readonly #load: number;

  constructor(index: number) {
    this.#state = (index + 1) * 0x9e3779b1;
    this.#load = 20 + 60 * this.#random();
    const pod = {
      instance: `pod-${String(index).padStart(5, '0')}:9000`,
      job: 'inference',
      model: `model-${index % 10}`,
      version: `1.${index % 3}.0`,
      zone: `zone-${index % 4}`,
    };
    for (let h = 0; h < histograms; h++) {
      const base = {
        ...pod,
        endpoint: `/v1/${h % 2 ? 'embed' : 'predict'}`,
        status: ['200', '429', '500'][h >> 1]!,
      };
      const name = 'paddle_request_duration_seconds';
      for (const le of bounds) this.labels.push(labelsFrom({ ...base, __name__: `${name}_bucket`, le }));
      this.labels.push(labelsFrom({ ...base, __name__: `${name}_sum` }));
      this.labels.push(labelsFrom({ ...base, __name__: `${name}_count` }));
    }
    for (let g = 0; g < gauges; g++) this.labels.push(labelsFrom({ ...pod, __name__: `paddle_gauge_${g}` }));
  }

  /** One scrape later. */
  step(): void {
    const { values } = this;
    for (let h = 0; h < histograms; h++) {
      const requests = Math.floor((this.#load * (0.5 + this.#random())) / (1 << (2 * (h >> 1))));
      const first = h * seriesOfHistogram;
      for (let b = 0; b < bounds.length; b++) {
        const share = 1 / (1 + Math.exp(5 - b - h / 3));
        values[first + b]! +=
          b === bounds.length - 1 ? requests : Math.floor(requests * share + this.#random());
      }
      values[first + bounds.length]! += requests * (0.05 + 0.02 * this.#random());
      values[first + bounds.length + 1]! += requests;
    }
    const first = histograms * seriesOfHistogram;
    for (let g = 0; g < gauges; g++) {
      if (g % 4 === 0) values[first + g]! += requestsOf(this.#random());
      else if (g % 4 === 1) values[first + g] = Math.floor(10 * this.#random());
      else if (g % 4 === 2) values[first + g] = this.#random();
      else values[first + g] = 1;
    }
  }

  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}

function requestsOf(random: number): number {
  return Math.floor(40 * random);
}
