import { createHmac, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';

/** One message that reached the inbox. */
export interface Delivery {
  readonly at: Date;
  readonly channel: 'webhook' | 'dingtalk';
  readonly status: 'firing' | 'resolved';
  /** The names of the alerts it speaks of; of a chat message, what its title says. */
  readonly alerts: readonly string[];
  readonly text: string;
}

/** Where the example's alerts arrive: a real HTTP receiver that answers as a webhook and as a DingTalk robot do. */
export interface Inbox {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** The first delivery that fits, past or future. Rejects when the signal aborts. */
  wait(fits: (delivery: Delivery) => boolean, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}

interface WebhookBody {
  status: 'firing' | 'resolved';
  alerts: { labels: Record<string, string>; annotations: Record<string, string> }[];
}

export async function openInbox(secret: string, onDelivery: (delivery: Delivery) => void): Promise<Inbox> {
  const deliveries: Delivery[] = [];
  const waiting = new Set<(delivery: Delivery) => void>();
  const server = fastify({ forceCloseConnections: true });

  function deliver(delivery: Delivery): void {
    deliveries.push(delivery);
    onDelivery(delivery);
    for (const hear of waiting) hear(delivery);
  }

  server.post<{ Body: WebhookBody }>('/webhook', async ({ body }) => {
    deliver({
      at: new Date(),
      channel: 'webhook',
      status: body.status,
      alerts: body.alerts.map(({ labels }) => labels.alertname ?? ''),
      text: body.alerts
        .map(({ annotations }) => annotations.description ?? annotations.summary ?? '')
        .join('\n'),
    });
    return {};
  });

  // DingTalk answers 200 whatever happens; the verdict is in errcode.
  server.post<{
    Body: Record<string, Record<string, string>>;
    Querystring: { timestamp?: string; sign?: string };
  }>('/robot/send', async ({ body, query }) => {
    if (!signatureFits(secret, query.timestamp, query.sign))
      return { errcode: 310000, errmsg: 'sign not match' };
    const message =
      Object.values(body).find((part) => typeof part === 'object' && ('text' in part || 'content' in part)) ??
      {};
    const text = message.text ?? message.content ?? '';
    const title = message.title ?? text;
    const status = /resolved|恢复/i.test(title) ? 'resolved' : 'firing';
    deliver({ at: new Date(), channel: 'dingtalk', status, alerts: [title], text });
    return { errcode: 0, errmsg: 'ok' };
  });

  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    deliveries,
    wait(fits, signal) {
      const past = deliveries.find(fits);
      if (past) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const hear = (delivery: Delivery) => {
          if (!fits(delivery)) return;
          done();
          resolve(delivery);
        };
        const stop = () => {
          done();
          reject(signal.reason);
        };
        const done = () => {
          waiting.delete(hear);
          signal.removeEventListener('abort', stop);
        };
        waiting.add(hear);
        signal.addEventListener('abort', stop);
        if (signal.aborted) stop();
      });
    },
    close: () => server.close(),
  };
}

/** base64(HMAC-SHA256(key = secret, "<timestamp>\n<secret>")), as DingTalk's robots check it. */
function signatureFits(secret: string, timestamp = '', sign = ''): boolean {
  const expected = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest();
  const given = Buffer.from(sign, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
