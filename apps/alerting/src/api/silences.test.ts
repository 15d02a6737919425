import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@paddlewatch/model';
import fastify from 'fastify';
import { startAlerting } from '../app.ts';

const start = Date.parse('2026-11-23T00:00:00Z');
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const config = 'route: { receiver: a }\nreceivers: [{ name: a, labels: { team: ocr } }, { name: b }]';

async function api(t: { after(fn: () => unknown): void }) {
  const clock = new SimulatedClock(start);
  const alerting = await startAlerting({ config, clock, log: () => undefined });
  const server = fastify();
  await server.register(alerting.routes);
  t.after(async () => {
    await server.close();
    await alerting.stop();
  });
  return {
    clock,
    async call(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown) {
      const answer = await server.inject({
        method,
        url: `/api/v2${url}`,
        ...(body !== undefined && { payload: body as object }),
      });
      return {
        status: answer.statusCode,
        body: answer.body === '' ? '' : JSON.parse(answer.body),
        headers: answer.headers,
      };
    },
  };
}

const silence = (from: number, to: number, more: object = {}) => ({
  matchers: [{ name: 'alertname', value: 'A', isRegex: false }],
  ...{ startsAt: iso(from), endsAt: iso(to), createdBy: 'me', comment: 'why', ...more },
});

test('a silence is made, found, changed in place or anew, and ended', async (t) => {
  const { call, clock } = await api(t);
  const first = (await call('POST', '/silences', silence(-60, 600))).body.silenceID;
  const found = (await call('GET', `/silence/${first}`)).body;
  assert.equal(found.startsAt, iso(0), 'a start in the past is now');
  assert.deepEqual(found.status, { state: 'active' });
  assert.deepEqual(found.matchers, [{ isEqual: true, isRegex: false, name: 'alertname', value: 'A' }]);
  const longer = await call('POST', '/silences', silence(0, 1200, { id: first }));
  assert.equal(longer.body.silenceID, first, 'a longer end changes it in place');
  const matchers = [{ name: 'alertname', value: 'B', isRegex: true, isEqual: true }];
  const other = await call('POST', '/silences', silence(0, 1200, { id: first, matchers }));
  assert.notEqual(other.body.silenceID, first, 'other matchers make another');
  assert.equal((await call('GET', `/silence/${first}`)).body.status.state, 'expired');
  await call('POST', '/silences', silence(300, 600));
  const states = (await call('GET', '/silences')).body.map(
    (each: { status: { state: string } }) => each.status.state,
  );
  assert.deepEqual(states, ['active', 'pending', 'expired']);
  assert.equal((await call('GET', '/silences?active=false&pending=false')).body.length, 1);
  assert.equal((await call('GET', '/silences?filter=alertname%3D%22B%22')).body.length, 1);
  assert.equal((await call('DELETE', `/silence/${other.body.silenceID}`)).status, 200);
  assert.equal(
    (await call('DELETE', `/silence/${other.body.silenceID}`)).status,
    200,
    'ending twice is no fault',
  );
  await clock.advance(121 * 3_600_000);
  assert.deepEqual((await call('GET', '/silences')).body, [], 'expired ones are forgotten after 120 hours');
});

/** Request, status, and what the body says. */
const refusals: [object, number, RegExp][] = [
  [silence(0, 600, { matchers: [] }), 400, /at least one matcher/],
  [
    silence(0, 600, { matchers: [{ name: 'a', value: '', isRegex: false }] }),
    400,
    /must not match the empty string/,
  ],
  [silence(0, 600, { matchers: [{ name: 'a', value: '(', isRegex: true }] }), 400, /cannot compile/],
  [silence(600, 0), 400, /start time must be before end time/],
  [silence(-600, -60), 400, /end time can't be in the past/],
  [silence(0, 600, { id: '00000000-0000-4000-8000-000000000000' }), 404, /not found/],
];

test('what cannot be a silence is refused with a bare JSON string', async (t) => {
  const { call } = await api(t);
  for (const [body, status, message] of refusals) {
    const answer = await call('POST', '/silences', body);
    assert.equal(answer.status, status);
    assert.match(answer.body, message);
    assert.equal(answer.headers['cache-control'], 'no-store');
  }
  const missing = await call('GET', '/silence/nobody');
  assert.deepEqual([missing.status, missing.body], [404, '']);
});

test('good alerts of a batch are stored though others are refused', async (t) => {
  const { call } = await api(t);
  const batch = [
    { labels: { alertname: 'Good', empty: '' } },
    { labels: {} },
    { labels: { alertname: 'Late' }, startsAt: iso(60), endsAt: iso(0) },
    { labels: { alertname: 5 } },
    'nonsense',
  ];
  const answer = await call('POST', '/alerts', batch);
  assert.equal(answer.status, 400);
  assert.match(
    answer.body,
    /at least one label pair.*start time must be before.*labels\.alertname must be a string.*must be an object/,
  );
  const [alert, ...others] = (await call('GET', '/alerts')).body;
  assert.deepEqual(others, []);
  assert.deepEqual(alert.labels, { alertname: 'Good' });
  assert.equal(alert.endsAt, iso(300));
  assert.deepEqual(alert.receivers, [{ name: 'a' }]);
});

test('parameters that make no sense are refused; receivers are found by their labels', async (t) => {
  const { call } = await api(t);
  for (const url of [
    '/alerts?active=perhaps',
    '/alerts?filter=a%3D~(',
    '/alerts?receiver=(',
    '/silences?filter=a',
  ])
    assert.equal((await call('GET', url)).status, 400, url);
  assert.equal((await call('POST', '/alerts', { labels: {} })).status, 400);
  assert.deepEqual((await call('GET', '/receivers?receiver_matchers=team%3Docr')).body, [
    { name: 'a', labels: { team: 'ocr' } },
  ]);
  assert.equal((await call('GET', '/status')).body.cluster.status, 'disabled');
});
