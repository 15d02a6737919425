import { Agent, request } from 'node:http';

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that are not 2xx. */
  readonly failures: number;
}

/** Posts `body` over each connection again as soon as the answer is there. For machines without wrk; it costs more. */
export async function closedLoop(
  url: string,
  body: string,
  connections: number,
  forSeconds: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let failures = 0;
  const start = performance.now();
  const end = start + forSeconds * 1000;
  const connection = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      const status = await post(url, body, agent);
      latencies.push(performance.now() - sent);
      if (status >= 300) failures++;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => latencies[Math.floor(q * (latencies.length - 1))]!;
  return { perSecond: latencies.length / seconds, p50: quantile(0.5), p99: quantile(0.99), failures };
}

function post(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent, method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end(body);
  });
}
