import { Agent, request } from 'undici';

export interface TrafficOptions {
  /** The inference server, `http://host:port`. */
  readonly url: string;
  /** Request bodies, sent in turn. */
  readonly bodies: readonly string[];
  /** Requests a second, evenly spaced. */
  readonly rate: number;
  /** The most requests under way; above it a turn is skipped, so that a slow service is not buried. */
  readonly inFlight: number;
}

/** Sends requests at a steady rate until stopped. Answers are read and dropped; what they say is in the service's metrics. */
export function startTraffic({ url, bodies, rate, inFlight }: TrafficOptions): { stop(): Promise<void> } {
  const agent = new Agent({ connections: inFlight, pipelining: 1 });
  const underWay = new Set<Promise<void>>();
  let turn = 0;
  const timer = setInterval(() => {
    if (underWay.size >= inFlight) return;
    const sent = send(bodies[turn++ % bodies.length]!).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }, 1000 / rate);

  async function send(body: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    try {
      const response = await request(`${url}/infer`, { method: 'POST', headers, body, dispatcher: agent });
      await response.body.dump();
    } catch {
      // The service is down or restarting: `up` and the request rate show it, and the next turn tries again.
    }
  }

  return {
    async stop() {
      clearInterval(timer);
      await agent.destroy();
      await Promise.all(underWay);
    },
  };
}
