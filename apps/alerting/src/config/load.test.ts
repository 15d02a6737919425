import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfigText } from './load.ts';

const receivers = 'receivers: [{ name: a }]';

/** Configuration, and the fault that is found in it. */
const faults: [string, RegExp][] = [
  [receivers, /^am\.yml:1: route: a value is missing here/],
  [`route: {}\n${receivers}`, /^am\.yml:1: route: the root route needs a receiver/],
  [`route: { receiver: b }\n${receivers}`, /^am\.yml:1: route\.receiver: no receiver is named "b"/],
  [`route: { receiver: a, matchers: [x=y] }\n${receivers}`, /root route takes every alert/],
  [
    `route:\n  receiver: a\n  routes:\n    - recevier: a\n${receivers}`,
    /^am\.yml:4: unknown key "recevier": did you mean "receiver"\?/,
  ],
  [
    `route: { receiver: a, routes: [{ matchers: ['x=~('] }] }\n${receivers}`,
    /cannot compile regular expression|bad matcher/,
  ],
  [`route: { receiver: a, group_by: [x, x] }\n${receivers}`, /stands here twice/],
  [`route: { receiver: a, group_interval: 0s }\n${receivers}`, /write a duration above 0/],
  [
    `route: { receiver: a, routes: [{ mute_time_intervals: [n] }] }\n${receivers}`,
    /no time interval is named "n"/,
  ],
  ['route: { receiver: a }\nreceivers: [{ name: a }, { name: a }]', /a second "a"; rename one/],
  [
    'route: { receiver: a }\nreceivers:\n  - name: a\n    pagerduty_configs: [{}]',
    /^am\.yml:4: receivers\[0\]\.pagerduty_configs: this is not built yet/,
  ],
  [
    'route: { receiver: a }\nreceivers: [{ name: a, webhook_configs: [{}] }]',
    /write one of url and url_file/,
  ],
  [
    `route: { receiver: a }\n${receivers}\ntime_intervals: [{ name: n, time_intervals: [{ times: [{ start_time: '25:00', end_time: '26:00' }] }] }]`,
    /"25:00" is not a time/,
  ],
  [
    `route: { receiver: a }\n${receivers}\ntime_intervals: [{ name: n, time_intervals: [{ location: Mars }] }]`,
    /"Mars" is not a time zone/,
  ],
  [
    `route: { receiver: a }\n${receivers}\ntime_intervals: [{ name: n, time_intervals: [{ weekdays: ['friday:monday'] }] }]`,
    /its start comes after its end/,
  ],
];

for (const [text, fault] of faults)
  test(String(fault), () => assert.throws(() => loadConfigText(text, 'am.yml'), { message: fault }));

test('what is published holds no secret, and our own channels as webhooks', () => {
  const { config, published } = loadConfigText(
    `
route: { receiver: a, routes: [{ match: { x: y }, match_re: { z: 'a|b' } }] }
receivers:
  - name: a
    webhook_configs: [{ url: http://hook/token }]
    dingtalk_configs: [{ url: 'https://oapi/?access_token=geheim', secret: SEC, send_resolved: false }]
`,
    'am.yml',
  );
  assert.equal(config.route.routes[0]!.matchers.length, 2);
  assert.doesNotMatch(published, /geheim|SEC|token|dingtalk/);
  assert.match(published, /send_resolved: false/);
  assert.equal(published.match(/url: http:\/\/secret.invalid\//g)?.length, 2);
});
