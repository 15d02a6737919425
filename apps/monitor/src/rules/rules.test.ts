import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLabels, labelsFrom, SimulatedClock } from '@paddlewatch/model';
import type { VectorSample } from '@paddlewatch/promql';
import { type GroupSpec, loadRuleFile } from '../config/rule-file.ts';
import type { Alert, Transition } from './alert.ts';
import { Rules } from './rules.ts';
import { slotOffset } from './slot.ts';

type Answer = Record<string, number>;

/** Rules on a simulated clock, over answers that the test writes: metric labels as JSON → value. */
class Bench {
  readonly clock = new SimulatedClock(1_000_000_000_000);
  readonly transitions: string[] = [];
  readonly sent: string[] = [];
  readonly written: string[] = [];
  answers: Record<string, Answer | Error> = {};
  stored: { labels: Record<string, string>; t: number; v: number }[] = [];
  readonly rules: Rules;
  private readonly start = this.clock.now();

  constructor() {
    const at = (ms: number) => `${(ms - this.start) / 1000}s`;
    this.rules = new Rules({
      clock: this.clock,
      elapsed: () => this.clock.now(),
      resendDelay: 60_000,
      query: async (text, time) => this.answer(text, time),
      writer: {
        write: (samples, ended, time) => {
          for (const { labels, v } of samples) this.written.push(`${at(time)} ${formatLabels(labels)} ${v}`);
          for (const labels of ended) this.written.push(`${at(time)} ${formatLabels(labels)} stale`);
        },
      },
      send: (_rule, alerts: readonly Alert[]) => {
        for (const { labels, state } of alerts)
          this.sent.push(`${at(this.clock.now())} ${formatLabels(labels)} ${state}`);
      },
      onEvaluated: () => {},
      onTransition: ({ at: time, from, to, labels }: Transition) =>
        this.transitions.push(`${at(time)} ${formatLabels(labels)} ${from}→${to}`),
      restore: {
        outageTolerance: 3_600_000,
        gracePeriod: 600_000,
        samples: async () =>
          this.stored.map(({ labels, t, v }) => ({
            labels: labelsFrom(labels),
            t: new Float64Array([t]),
            v: new Float64Array([v]),
            histograms: [],
          })),
      },
    });
  }

  /** Loads rules so that their group is evaluated now and every ten seconds. */
  async load(rules: string, name = 'g', options = ''): Promise<void> {
    await this.loadGroups([{ rules, name, options }]);
  }

  async loadGroups(list: { rules: string; name: string; options?: string }[]): Promise<void> {
    const specs = list.flatMap(({ rules, name, options = '' }): GroupSpec[] =>
      loadRuleFile(`groups: [{name: ${name}, interval: 10s, ${options} rules: [${rules}]}]`, 'r.yml'),
    );
    const annotator = { externalLabels: { cluster: 'c1' }, externalUrl: 'http://watch:9090' };
    await this.rules.load(specs, { interval: 60_000, queryOffset: 0, annotator });
  }

  /** Lets the next evaluations happen. */
  async evaluations(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.clock.advance(10_000);
  }

  alerts(): Alert[] {
    return this.rules.groups.flatMap((group) => group.alertingRules.flatMap((rule) => rule.activeAlerts()));
  }

  private answer(text: string, t: number): VectorSample[] {
    const answer = this.answers[text] ?? {};
    if (answer instanceof Error) throw answer;
    return Object.entries(answer).map(([labels, v]) => ({ labels: labelsFrom(JSON.parse(labels)), t, v }));
  }
}

/** The time of the first evaluation of group g, after the bench's start; all others follow in steps of ten seconds. */
const first = (() => {
  const offset = slotOffset('r.yml', 'g', 10_000);
  return (((offset - 1_000_000_000_000) % 10_000) + 10_000) % 10_000;
})();
const s = (evaluation: number) => `${(first + evaluation * 10_000) / 1000}s`;

test('an alert is pending, fires after its time, resolves, and comes back as a new one', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: up == 0, for: 20s, labels: {severity: page}}');
  bench.answers = { 'up == 0': { '{"__name__":"up","job":"x"}': 0 } };
  await bench.evaluations(3);
  bench.answers = {};
  await bench.evaluations(1);
  bench.answers = { 'up == 0': { '{"job":"x"}': 0 } };
  await bench.evaluations(1);
  bench.answers = {};
  await bench.evaluations(1);
  const alert = '{alertname="A", job="x", severity="page"}';
  assert.deepEqual(bench.transitions, [
    `${s(0)} ${alert} inactive→pending`,
    `${s(2)} ${alert} pending→firing`,
    `${s(3)} ${alert} firing→inactive`,
    `${s(4)} ${alert} inactive→pending`,
    `${s(5)} ${alert} pending→inactive`,
  ]);
});

test('a firing alert is sent at once, again after the resend delay, and its end at once and for 15 minutes', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: x}');
  bench.answers = { x: { '{}': 1 } };
  await bench.evaluations(8);
  bench.answers = {};
  await bench.evaluations(95);
  const times = bench.sent.map((line) => line.replace(/ .* /, ' '));
  assert.deepEqual(times.slice(0, 4), [
    `${s(0)} firing`,
    `${s(7)} firing`,
    `${s(8)} inactive`,
    `${s(15)} inactive`,
  ]);
  assert.equal(times.filter((line) => line.endsWith('inactive')).length, 13);
});

test('keep_firing_for holds an alert over gaps', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: x, keep_firing_for: 25s}');
  bench.answers = { x: { '{}': 1 } };
  await bench.evaluations(1);
  bench.answers = {};
  await bench.evaluations(2);
  assert.equal(bench.alerts()[0]!.state, 'firing');
  bench.answers = { x: { '{}': 1 } };
  await bench.evaluations(1);
  assert.equal(bench.alerts()[0]!.keepFiringSince, undefined);
  bench.answers = {};
  await bench.evaluations(4);
  assert.deepEqual(bench.alerts(), []);
});

test('labels and annotations are templates; an empty label removes; a broken one says so', async () => {
  const bench = new Bench();
  await bench.load(
    `{alert: A, expr: x, labels: {job: "", who: "{{ $labels.job }}-{{ $externalLabels.cluster }}"},
      annotations: {v: "{{ $value | humanizePercentage }}", q: '{{ with query "y" }}{{ . | first | value }}{{ end }}',
      bad: '{{ query "none" | first }}'}}`,
  );
  bench.answers = { x: { '{"job":"a"}': 0.25 }, y: { '{}': 7 } };
  await bench.evaluations(1);
  const [alert] = bench.alerts();
  assert.equal(formatLabels(alert!.labels), '{alertname="A", who="a-c1"}');
  assert.equal(alert!.annotations['v'], '25%');
  assert.equal(alert!.annotations['q'], '7');
  assert.match(
    alert!.annotations['bad']!,
    /^<error expanding template: .*first\(\) called on vector with no elements/,
  );
});

test('two samples that become one alert are an error that touches no alert', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: x, labels: {job: ""}}');
  bench.answers = { x: { '{"job":"a"}': 1 } };
  await bench.evaluations(1);
  bench.answers = { x: { '{"job":"a"}': 1, '{"job":"b"}': 1 } };
  await bench.evaluations(1);
  const [rule] = bench.rules.groups[0]!.alertingRules;
  assert.equal(rule!.health.health, 'err');
  assert.match(rule!.health.lastError!, /same labelset after applying alert labels/);
  assert.equal(bench.alerts().length, 1);
});

test('a limit that is exceeded clears the alerts and is an error', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: x}', 'g', 'limit: 1,');
  bench.answers = { x: { '{"job":"a"}': 1, '{"job":"b"}': 1 } };
  await bench.evaluations(1);
  assert.equal(bench.rules.groups[0]!.rules[0]!.health.lastError, 'exceeded limit of 1 with 2 alerts');
  assert.deepEqual(bench.alerts(), []);
});

test('recording rules write series and end them; a later rule of the group sees them', async () => {
  const bench = new Bench();
  await bench.load('{record: "job:x", expr: x, labels: {a: b}}');
  bench.answers = { x: { '{"job":"a","__name__":"x"}': 1 } };
  await bench.evaluations(1);
  bench.answers = { x: { '{"job":"b"}': 2 } };
  await bench.evaluations(1);
  assert.deepEqual(bench.written, [
    `${s(0)} job:x{a="b", job="a"} 1`,
    `${s(1)} job:x{a="b", job="b"} 2`,
    `${s(1)} job:x{a="b", job="a"} stale`,
  ]);
});

test('ALERTS is written once the past is known, and the pending series ends when the alert fires', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: x, for: 30s}', 'g', 'query_offset: 1s,');
  bench.answers = { x: { '{}': 1 } };
  await bench.evaluations(4);
  const since = (1_000_000_000_000 + first) / 1000;
  const at = (i: number) => `${(first + i * 10_000 - 1000) / 1000}s`;
  assert.deepEqual(bench.written, [
    `${at(2)} ALERTS{alertname="A", alertstate="pending"} 1`,
    `${at(2)} ALERTS_FOR_STATE{alertname="A"} ${Math.floor(since)}`,
    `${at(3)} ALERTS{alertname="A", alertstate="firing"} 1`,
    `${at(3)} ALERTS_FOR_STATE{alertname="A"} ${Math.floor(since)}`,
    `${at(3)} ALERTS{alertname="A", alertstate="pending"} stale`,
  ]);
});

test('after a restart a pending alert goes on where it was', async () => {
  const bench = new Bench();
  const start = bench.clock.now();
  await bench.load('{alert: A, expr: x, for: 30m}');
  bench.answers = { x: { '{}': 1 } };
  bench.stored = [
    { labels: { __name__: 'ALERTS_FOR_STATE', alertname: 'A' }, t: start - 60_000, v: start / 1000 - 360 },
  ];
  await bench.evaluations(2);
  // It had been active for five minutes when the process died, a minute of outage is forgiven.
  const downFor = first + 10_000 + 60_000;
  assert.equal(bench.alerts()[0]!.activeAt, start - 360_000 + downFor);
});

test('a reload carries alerts over, and a longer `for` makes a firing alert pending again', async () => {
  const bench = new Bench();
  await bench.load('{alert: A, expr: x}');
  bench.answers = { x: { '{}': 1 }, y: { '{}': 1 } };
  await bench.evaluations(3);
  const { activeAt } = bench.alerts()[0]!;
  await bench.load('{alert: A, expr: y, for: 1m}, {alert: B, expr: x}');
  await bench.evaluations(1);
  assert.deepEqual(
    bench.alerts().map(({ state, activeAt: since }) => [state, since === activeAt]),
    [
      ['pending', true],
      ['firing', false],
    ],
  );
});

test('series of a rule that a reload removes end with the next evaluation, those of a group after two intervals', async () => {
  const bench = new Bench();
  const g = '{record: a, expr: x}';
  await bench.loadGroups([
    { name: 'g', rules: `${g}, {record: b, expr: x}` },
    { name: 'h', rules: '{record: c, expr: x}' },
  ]);
  bench.answers = { x: { '{}': 1 } };
  await bench.evaluations(1);
  bench.written.length = 0;
  await bench.loadGroups([{ name: 'g', rules: g }]);
  await bench.evaluations(1);
  assert.deepEqual(bench.written, [`${s(1)} a 1`, `${s(1)} b stale`]);
  await bench.evaluations(1);
  assert.ok(bench.written.some((line) => / c stale$/.test(line)));
});

test('a slow evaluation misses slots and says so; the next one is on the grid again', async () => {
  const missed: number[] = [];
  const clock = new SimulatedClock(0);
  const slots: number[] = [];
  const rules = new Rules({
    clock,
    elapsed: () => clock.now(),
    resendDelay: 60_000,
    query: (_text, at) => {
      slots.push(at);
      return slots.length === 1
        ? new Promise((resolve) => clock.after(25_000, () => resolve([])))
        : Promise.resolve([]);
    },
    writer: { write: () => {} },
    send: () => {},
    onEvaluated: () => {},
    onTransition: () => {},
    onIteration: (_group, count) => missed.push(count),
    restore: { outageTolerance: 0, gracePeriod: 0, samples: async () => [] },
  });
  const annotator = { externalLabels: {}, externalUrl: 'http://x' };
  const specs = loadRuleFile('groups: [{name: g, interval: 10s, rules: [{record: a, expr: x}]}]', 'r.yml');
  await rules.load(specs, { interval: 60_000, queryOffset: 0, annotator });
  await clock.advance(60_000);
  await rules.stop();
  assert.deepEqual(missed.slice(0, 2), [2, 0]);
  assert.equal(slots[1]! - slots[0]!, 30_000);
});
