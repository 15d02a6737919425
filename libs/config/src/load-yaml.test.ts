import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { describeSettings } from './describe.ts';
import { loadYaml } from './load-yaml.ts';
import { maskSecrets, secret } from './secret.ts';
import { byteSize, duration, labels, regexp } from './types.ts';

const job = z.strictObject({
  job_name: z.string(),
  scrape_interval: duration.prefault('1m').describe('how often to scrape'),
  honor_labels: z.boolean().default(false),
  sample_limit: z.int().default(0),
  scheme: z.enum(['http', 'https']).default('http'),
  labels: labels.default({}),
  regex: regexp.optional(),
  password: secret.optional(),
  body_size_limit: byteSize.prefault('0'),
});
const schema = z.strictObject({ jobs: z.array(job).default([]), files: z.array(z.string()).default([]) });
const load = (text: string) => loadYaml(schema, text, 'f.yml');

function faults(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message.split('\n');
  }
  assert.fail('it should not load');
}

test('defaults are filled in, durations are milliseconds, an empty value is as not written', () => {
  const { jobs, files } = load(
    'files:\njobs:\n  - job_name: a\n    scrape_interval: 1m30s\n    body_size_limit: 10MB\n',
  );
  assert.deepEqual(files, []);
  assert.equal(jobs[0]!.scrape_interval, 90_000);
  assert.equal(jobs[0]!.body_size_limit, 10 * 1024 * 1024);
  assert.equal(jobs[0]!.scheme, 'http');
  assert.deepEqual(load(''), { jobs: [], files: [] });
});

test('a scalar is what the schema wants it to be', () => {
  const [first] = load(
    'jobs: [{job_name: 1.0, honor_labels: yes, labels: {v: 1.50, on: true, none: }}]',
  ).jobs;
  assert.equal(first!.job_name, '1.0');
  assert.equal(first!.honor_labels, true);
  assert.deepEqual(first!.labels, { v: '1.50', on: 'true', none: '' });
});

test('every fault is told with its line and the cure', () => {
  const text = `jobs:
  - job_name: a
    scrape_intervall: 5s
  - scrape_interval: 5x
    honor_labels: maybe
    regex: "a("
    scheme: ftp
other: 1
`;
  assert.deepEqual(faults(text), [
    'f.yml:3: unknown key "scrape_intervall": did you mean "scrape_interval"?',
    'f.yml:4: jobs[1].job_name: a value is missing here: write a string',
    'f.yml:4: jobs[1].scrape_interval: unknown unit "x" in duration "5x"; write numbers with units, such as 30s, 5m, 1h30m',
    'f.yml:5: jobs[1].honor_labels: write a boolean, not "maybe"',
    faults(text)[4]!,
    'f.yml:7: jobs[1].scheme: write "http" or "https", not "ftp"',
    'f.yml:8: unknown key "other": remove it; the keys that may stand here are jobs, files',
  ]);
  assert.match(faults(text)[4]!, /^f\.yml:6: jobs\[1\]\.regex: cannot compile regular expression "a\("/);
});

test('bad YAML, repeated keys and further documents are faults with a line', () => {
  assert.match(faults('jobs:\n  - {job_name: a')[0]!, /^f\.yml:2: /);
  assert.match(faults('files: []\nfiles: []\n')[0]!, /^f\.yml:2: Map keys must be unique/);
  assert.match(faults('files: []\n---\nfiles: []\n')[0]!, /^f\.yml:\d: a second document starts here/);
  assert.match(faults('- a\n')[0]!, /write a map \(key: value\), not a list/);
  assert.deepEqual(
    loadYaml(schema, 'files: [a]\n---\nnonsense: [\n', 'f.yml', { documents: 'first' }).files,
    ['a'],
  );
});

test('anchors and merge keys work, and faults behind an alias have a line', () => {
  const text = 'jobs:\n  - &a {job_name: a, sample_limit: 3}\n  - <<: *a\n    job_name: b\n';
  assert.deepEqual(
    load(text).jobs.map(({ job_name, sample_limit }) => [job_name, sample_limit]),
    [
      ['a', 3],
      ['b', 3],
    ],
  );
  assert.match(faults('jobs:\n  - &a {job_name: a, x: 3}\n  - *a\n')[0]!, /^f\.yml:2: unknown key "x"/);
});

test('a secret hides itself, also in the text of the file', () => {
  const text = 'jobs:\n  - job_name: a # kept\n    password: "geheim 1"\n';
  const config = load(text);
  assert.equal(config.jobs[0]!.password!.reveal(), 'geheim 1');
  assert.ok(!JSON.stringify(config).includes('geheim') && !`${config.jobs[0]!.password}`.includes('geheim'));
  const masked = maskSecrets(text, config);
  assert.ok(masked.includes('<secret>') && masked.includes('# kept') && !masked.includes('geheim'));
});

test('the schema documents itself', () => {
  const settings = describeSettings(schema);
  assert.deepEqual(
    settings.find(({ path }) => path === 'jobs[].scrape_interval'),
    {
      path: 'jobs[].scrape_interval',
      type: 'duration',
      default: '"1m"',
      required: false,
      description: 'how often to scrape',
    },
  );
  assert.equal(settings.find(({ path }) => path === 'jobs[].job_name')?.required, true);
});
