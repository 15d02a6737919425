import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Registry } from '@paddlewatch/metrics';
import { SimulatedClock } from '@paddlewatch/model';
import fastify from 'fastify';
import { type Alerting, type AlertingOptions, startAlerting } from './app.ts';
import type { HttpAnswer, HttpRequest } from './channels/http.ts';

const start = Date.parse('2026-11-23T00:00:00Z');
const [second, minute, hour] = [1000, 60_000, 3_600_000];

interface Sent {
  readonly at: number;
  readonly url: string;
  readonly body: {
    readonly receiver: string;
    readonly status: string;
    readonly notification_reason: string;
    readonly groupKey: string;
    readonly alerts: readonly { readonly status: string; readonly labels: Record<string, string> }[];
  };
}

/** Alerting under a simulated clock, its HTTP requests caught on their way. */
class World {
  readonly clock: SimulatedClock;
  readonly sent: Sent[] = [];
  answer: (request: HttpRequest) => HttpAnswer = () => ({ status: 200, body: '', retryAfter: 0 });
  alerting!: Alerting;
  readonly #options: AlertingOptions;
  readonly #server = () => this.#fastify;
  #fastify = fastify();

  constructor(options: AlertingOptions, clock = new SimulatedClock(start)) {
    this.clock = clock;
    this.#options = options;
  }

  async up(): Promise<this> {
    this.alerting = await startAlerting({
      log: () => undefined,
      random: () => 0.5,
      externalUrl: 'http://watch',
      clock: this.clock,
      http: async (request) => {
        this.sent.push({ at: this.clock.now() - start, url: request.url, body: JSON.parse(request.body) });
        return this.answer(request);
      },
      ...this.#options,
    });
    this.#fastify = fastify();
    await this.#fastify.register(this.alerting.routes);
    return this;
  }

  async down(): Promise<void> {
    await this.#fastify.close();
    await this.alerting.stop();
  }

  async request(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) {
    const answer = await this.#server().inject({ method, url, ...(body && { payload: body }) });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
  }

  async fire(labels: Record<string, string>, fields: object = {}): Promise<void> {
    const { status } = await this.request('POST', '/api/v2/alerts', [{ labels, ...fields }]);
    assert.equal(status, 200);
  }

  async resolve(labels: Record<string, string>): Promise<void> {
    await this.fire(labels, { endsAt: new Date(this.clock.now()).toISOString() });
  }

  /** What was sent since the last call: time in seconds, receiver, and its alerts with a ✓ where they are resolved. */
  news(): string[] {
    return this.sent.splice(0).map(({ at, body }) => {
      const alerts = body.alerts.map(
        ({ status, labels }) => `${labels['i'] ?? labels['alertname']}${status === 'resolved' ? '✓' : ''}`,
      );
      return `${at / second} ${body.receiver}: ${alerts.join(' ')} (${body.notification_reason})`;
    });
  }
}

const simple = `
route: { receiver: a, group_by: [alertname], group_wait: 30s, group_interval: 5m, repeat_interval: 4h }
receivers: [{ name: a, webhook_configs: [{ url: 'http://a/' }] }]
`;

async function world(t: TestContext, config: string, options: AlertingOptions = {}): Promise<World> {
  const made = await new World({ config, ...options }).up();
  t.after(() => made.down());
  return made;
}

test('a day of one group: wait, interval, repeat, resolution', async (t) => {
  const w = await world(t, simple);
  const long = { endsAt: new Date(start + 30 * hour).toISOString() };
  await w.fire({ alertname: 'Slow', i: '1' }, long);
  await w.clock.advance(10 * second);
  await w.fire({ alertname: 'Slow', i: '2' }, long);
  await w.clock.advance(30 * second);
  assert.deepEqual(w.news(), ['30 a: 1 2 (first notification)']);
  await w.fire({ alertname: 'Slow', i: '3' }, long);
  await w.clock.advance(5 * minute);
  assert.deepEqual(w.news(), ['330 a: 1 2 3 (new alerts added to group)']);
  await w.resolve({ alertname: 'Slow', i: '2' });
  await w.clock.advance(5 * minute);
  assert.deepEqual(w.news(), ['630 a: 1 2✓ 3 (some alerts resolved)']);
  await w.clock.advance(10 * hour);
  assert.deepEqual(w.news(), [
    '15030 a: 1 3 (repeat interval elapsed)',
    '29430 a: 1 3 (repeat interval elapsed)',
  ]);
  await w.resolve({ alertname: 'Slow', i: '1' });
  await w.resolve({ alertname: 'Slow', i: '3' });
  await w.clock.advance(12 * hour);
  assert.deepEqual(w.news(), ['36930 a: 1✓ 3✓ (all alerts resolved)']);
  const { body } = await w.request('GET', '/api/v2/alerts/groups');
  assert.deepEqual(body, []);
});

test('an alert that is older than group_wait goes out at once', async (t) => {
  const w = await world(t, simple);
  await w.fire({ alertname: 'Old' }, { startsAt: new Date(start - minute).toISOString() });
  await w.clock.advance(1);
  assert.deepEqual(w.news(), ['0 a: Old (first notification)']);
});

test('a sender that falls silent ends its alert after resolve_timeout', async (t) => {
  const w = await world(t, simple);
  await w.fire({ alertname: 'Silent' });
  await w.clock.advance(11 * minute);
  assert.deepEqual(w.news(), ['30 a: Silent (first notification)', '330 a: Silent✓ (all alerts resolved)']);
  const { body } = await w.request('GET', '/api/paddlewatch/v1/history?kind=transition');
  assert.deepEqual(
    body.data.events.map((event: { to: string; reason: string }) => `${event.to}: ${event.reason}`),
    ['inactive: its sender fell silent', 'firing: its sender says so'],
  );
});

test('routes: the first child that matches, siblings after continue, the parent where none matches', async (t) => {
  const w = await world(
    t,
    `
route:
  receiver: root
  group_wait: 0s
  routes:
    - { receiver: page, matchers: ['severity="page"'], continue: true }
    - { receiver: team, matchers: ['team=~"ocr|nlp"'], group_by: ['...'] }
    - { receiver: never, match: { team: ocr } }
receivers:
${['root', 'page', 'team', 'never'].map((name) => `  - { name: ${name}, webhook_configs: [{ url: 'http://${name}/' }] }`).join('\n')}
`,
  );
  await w.fire({ alertname: 'A', severity: 'page', team: 'ocr' });
  await w.fire({ alertname: 'B', team: 'nlp' });
  await w.fire({ alertname: 'C', severity: 'page' });
  await w.fire({ alertname: 'D' });
  await w.clock.advance(second);
  assert.deepEqual(w.news().sort(), [
    '0 page: A C (first notification)',
    '0 root: D (first notification)',
    '0 team: A (first notification)',
    '0 team: B (first notification)',
  ]);
});

test('inhibition, silences and mute times hold back, and history says why', async (t) => {
  const w = await world(
    t,
    `
route:
  receiver: a
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1m
  routes: [{ receiver: a, matchers: [night=yes], mute_time_intervals: [morning] }]
receivers: [{ name: a, webhook_configs: [{ url: 'http://a/' }] }]
time_intervals: [{ name: morning, time_intervals: [{ times: [{ start_time: '08:00', end_time: '08:10' }], location: Asia/Shanghai }] }]
inhibit_rules: [{ source_matchers: [severity=critical], target_matchers: [severity=warning], equal: [model] }]
`,
  );
  const until = { endsAt: new Date(start + hour).toISOString() };
  await w.fire({ alertname: 'Down', severity: 'critical', model: 'ocr' }, until);
  await w.fire({ alertname: 'Slow', severity: 'warning', model: 'ocr' }, until);
  await w.fire({ alertname: 'Slower', severity: 'warning', model: 'nlp' }, until);
  await w.fire({ alertname: 'Night', night: 'yes' }, until);
  const silence = {
    matchers: [{ name: 'alertname', value: 'Slower', isRegex: false }],
    ...{
      startsAt: new Date(start).toISOString(),
      endsAt: new Date(start + 3 * minute).toISOString(),
      createdBy: 'x',
      comment: 'y',
    },
  };
  const { body: made } = await w.request('POST', '/api/v2/silences', silence);
  await w.clock.advance(2 * second);
  assert.deepEqual(w.news(), ['1 a: Down (first notification)']);
  const alerts = (await w.request('GET', '/api/v2/alerts?active=false')).body as {
    labels: { alertname: string };
    status: object;
  }[];
  assert.deepEqual(Object.fromEntries(alerts.map(({ labels, status }) => [labels.alertname, status])), {
    Slow: {
      inhibitedBy: [(await w.request('GET', '/api/v2/alerts?filter=alertname%3DDown')).body[0].fingerprint],
      mutedBy: [],
      silencedBy: [],
      state: 'suppressed',
    },
    Slower: { inhibitedBy: [], mutedBy: [], silencedBy: [made.silenceID], state: 'suppressed' },
    Night: { inhibitedBy: [], mutedBy: ['morning'], silencedBy: [], state: 'suppressed' },
  });
  const { body } = await w.request('GET', '/api/paddlewatch/v1/history?kind=notification');
  const held = body.data.events.filter(({ outcome }: { outcome: string }) => outcome === 'suppressed');
  assert.deepEqual(
    held
      .map(
        ({ alertname, reason }: { alertname: string; reason: string }) =>
          `${alertname}: ${reason.split(' ').slice(0, 2).join(' ')}`,
      )
      .sort(),
    ['Night: muted by', 'Slow: inhibited by', 'Slower: silenced by'],
  );
  await w.resolve({ alertname: 'Down', severity: 'critical', model: 'ocr' });
  await w.clock.advance(11 * minute);
  assert.deepEqual(
    w
      .news()
      .filter((line) => !line.includes('✓'))
      .sort(),
    [
      '181 a: Slower (first notification)',
      '601 a: Night (first notification)',
      '61 a: Slow (first notification)',
    ],
  );
});

test('retries until the flush ends, permanent faults at once', async (t) => {
  const w = await world(t, simple);
  let failures = 3;
  w.answer = () => ({ status: failures-- > 0 ? 503 : 200, body: 'busy', retryAfter: 0 });
  await w.fire({ alertname: 'Retry' }, { endsAt: new Date(start + hour).toISOString() });
  await w.clock.advance(minute);
  assert.deepEqual(
    w.news().map((line) => line.split(' ')[0]),
    ['30', '30.5', '31.25', '32.375'],
  );
  w.answer = () => ({ status: 400, body: 'no such token', retryAfter: 0 });
  await w.fire({ alertname: 'Broken' }, { endsAt: new Date(start + hour).toISOString() });
  await w.clock.advance(minute);
  assert.equal(w.news().length, 1);
  const { body } = await w.request('GET', '/api/paddlewatch/v1/history?alertname=Broken&kind=notification');
  assert.match(body.data.events[0].error, /unexpected status code 400: http:\/\/a: no such token/);
  assert.equal(body.data.events[0].outcome, 'failed');
});

test('a restart forgets nothing: groups that wait, what was told, silences', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'alerting-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const clock = new SimulatedClock(start);
  const first = await new World({ config: simple, storagePath: folder }, clock).up();
  await first.fire({ alertname: 'Told' }, { endsAt: new Date(start + hour).toISOString() });
  await clock.advance(40 * second);
  assert.deepEqual(first.news(), ['30 a: Told (first notification)']);
  await first.fire({ alertname: 'Waits' }, { endsAt: new Date(start + hour).toISOString() });
  await clock.advance(10 * second);
  await first.down();
  await clock.advance(5 * second);
  const then = await new World({ config: simple, storagePath: folder }, clock).up();
  t.after(() => then.down());
  await clock.advance(10 * minute);
  assert.deepEqual(then.news(), ['70 a: Waits (first notification)']);
  await then.resolve({ alertname: 'Told' });
  await clock.advance(5 * minute);
  assert.equal(then.news().length, 1);
  const { body } = await then.request('GET', '/api/paddlewatch/v1/history?alertname=Told');
  assert.deepEqual(
    body.data.events.map(({ kind, to, reason }: Record<string, string>) =>
      kind === 'transition' ? to : reason,
    ),
    ['all alerts resolved', 'inactive', 'first notification', 'firing'],
  );
});

test('a reload that fails leaves the old configuration in force; one that works keeps what was told', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'alerting-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'alertmanager.yml');
  writeFileSync(file, simple);
  const w = await new World({ configFile: file }).up();
  t.after(() => w.down());
  await w.fire({ alertname: 'Kept' }, { endsAt: new Date(start + hour).toISOString() });
  await w.clock.advance(minute);
  assert.equal(w.news().length, 1);
  writeFileSync(file, simple.replace('receiver: a', 'receiver: b'));
  await assert.rejects(w.alerting.reload(), /alertmanager\.yml:2: route\.receiver: no receiver is named "b"/);
  assert.match((await w.request('GET', '/api/v2/status')).body.config.original, /receiver: a/);
  writeFileSync(file, simple.replace('group_interval: 5m', 'group_interval: 1m'));
  await w.alerting.reload();
  await w.clock.advance(10 * minute);
  assert.deepEqual(w.news(), []);
});

test('there is a limit to alerts: new ones are refused by name, known ones resolve and make room', async (t) => {
  const registry = new Registry();
  const w = await world(t, simple, { maxAlerts: 2, registry });
  const post = (...alerts: object[]) => w.request('POST', '/api/v2/alerts', alerts);
  const known = async () => (await w.request('GET', '/api/v2/alerts')).body.length;
  const [a, b, c] = ['a', 'b', 'c'].map((alertname) => ({ labels: { alertname } }));
  assert.equal((await post(a!, b!)).status, 200);

  const refused = await post(c!, a!);
  assert.equal(refused.status, 429);
  assert.match(refused.body, /cannot take 1 new alerts: 2 are known already/);
  assert.equal(await known(), 2);
  assert.match(registry.expose().body.toString(), /^paddlewatch_alerts_refused_total 1$/m);
  assert.match(registry.expose().body.toString(), /^paddlewatch_alerts_known 2$/m);

  await w.resolve({ alertname: 'a' });
  await w.clock.advance(second);
  assert.equal((await post(c!)).status, 200);
  assert.deepEqual(await known(), 2);
});
