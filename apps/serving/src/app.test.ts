import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type FastifyInstance, fastify } from 'fastify';
import { type Serving, type ServingOptions, startServing } from './app.ts';

const digits = path.join(import.meta.dirname, '../../../examples/digits');
const { images } = JSON.parse(readFileSync(path.join(digits, 'testdata/held-out.json'), 'utf8')) as {
  images: number[][];
};

const digitsModel = (version: string, format = 'paddle3', name = 'digits') => ({
  name,
  version,
  path: path.join(digits, 'models', version, format),
});

/** A held-out image as the model wants it: [1, 8, 8]. */
const shaped = (pixels: number[]) => [
  Array.from({ length: 8 }, (_, row) => pixels.slice(row * 8, row * 8 + 8)),
];
const oneImage = { image: [shaped(images[0]!)] };

interface Running {
  readonly serving: Serving;
  readonly url: string;
  close(): Promise<void>;
}

async function run(options: Partial<ServingOptions> = {}): Promise<Running> {
  const models = [digitsModel('v1'), digitsModel('v2')];
  const serving = await startServing({ models, workers: 1, ...options });
  const app: FastifyInstance = fastify();
  await app.register(serving.routes);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    serving,
    url,
    async close() {
      await serving.stop();
      await app.close();
    },
  };
}

async function runFor(t: TestContext, options: Partial<ServingOptions>): Promise<Running> {
  const running = await run(options);
  t.after(() => running.close());
  return running;
}

interface Answer {
  status: number;
  model?: string;
  version?: string;
  outputs?: Record<string, number[][]>;
  error?: { reason: string; message: string };
}

async function infer(url: string, body: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}/infer`, { method: 'POST', body: text });
  return { status: response.status, ...((await response.json()) as object) };
}

/** The value of a series by its exact text, 0 where it is absent. */
async function metric(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

let shared: Running;
before(async () => {
  shared = await run({
    models: [
      digitsModel('v1'),
      digitsModel('v2'),
      digitsModel('v1', 'paddle2', 'old'),
      digitsModel('v2', 'paddle2', 'old'),
    ],
    bodyLimit: 200_000,
  });
});
after(() => shared.close());

for (const [model, format] of [
  ['digits', 'paddle3'],
  ['old', 'paddle2'],
] as const)
  for (const version of ['v1', 'v2'])
    test(`${format} ${version} answers over HTTP what Paddle answers, for every held-out image`, async () => {
      const { status, outputs } = await infer(shared.url, {
        model,
        version,
        inputs: { image: images.map(shaped) },
      });
      assert.equal(status, 200);
      const npy = readFileSync(path.join(digits, `testdata/golden-${version}-${format}.npy`));
      const start = 10 + npy.readUInt16LE(8);
      const got = Object.values(outputs!)[0]!.flat();
      assert.equal(got.length, images.length * 10);
      for (const [i, value] of got.entries())
        assert.ok(Math.abs(value - npy.readFloatLE(start + i * 4)) <= 1e-5, `element ${i} is ${value}`);
    });

test('without a version the newest answers', async () => {
  const answer = await infer(shared.url, { model: 'digits', inputs: oneImage });
  assert.equal(answer.version, 'v2');
});

const refusals: [what: string, body: unknown, status: number, reason: string, message: RegExp][] = [
  ['bad JSON', '{"inputs":', 400, 'bad_json', /not JSON/],
  ['no body', '', 400, 'bad_json', /not JSON/],
  ['not an object', '[1]', 400, 'bad_request', /not a JSON object/],
  ['an unknown field', { model: 'old', input: {} }, 400, 'bad_request', /unknown field "input"/],
  ['no inputs', { model: 'old' }, 400, 'bad_request', /"inputs"/],
  [
    'an ambiguous model',
    { inputs: oneImage },
    400,
    'bad_request',
    /"model" is missing; there are: digits, old/,
  ],
  ['a model that is a number', { model: 1, inputs: oneImage }, 400, 'bad_request', /"model" is not a string/],
  ['an unknown model', { model: 'ocr', inputs: oneImage }, 404, 'unknown_model', /"ocr".*digits, old/],
  [
    'an unknown version',
    { model: 'old', version: 'v9', inputs: oneImage },
    404,
    'unknown_version',
    /"v9"; it has v2, v1/,
  ],
  [
    'a name that every object has',
    { model: 'old', inputs: { constructor: [1] } },
    400,
    'unknown_input',
    /"constructor"/,
  ],
  ['an unknown input', { model: 'old', inputs: { pixels: [] } }, 400, 'unknown_input', /"pixels".*image/],
  ['a missing input', { model: 'old', inputs: {} }, 400, 'missing_input', /"image" is missing/],
  [
    'a flat array',
    { model: 'old', inputs: { image: images[0] } },
    400,
    'wrong_shape',
    /\[n, 1, 8, 8\]: it is \[64\]/,
  ],
  [
    'a ragged array',
    { model: 'old', inputs: { image: [shaped(images[0]!), [[[1]]]] } },
    400,
    'wrong_shape',
    /beside/,
  ],
  ['no rows', { model: 'old', inputs: { image: [] } }, 400, 'wrong_shape', /it is \[0\]/],
  [
    'text among the numbers',
    { model: 'old', inputs: { image: [shaped(images[0]!.with(3, 'x' as unknown as number))] } },
    400,
    'wrong_type',
    /needs float32: element 3 is "x"/,
  ],
  ['a body too large', ' '.repeat(200_001), 413, 'too_large', /larger than 200000 bytes/],
];

for (const [what, body, status, reason, message] of refusals)
  test(`${what} is refused with ${status} ${reason}, and counted so`, async () => {
    const placed = !['bad_json', 'bad_request', 'unknown_model', 'unknown_version', 'too_large'].includes(
      reason,
    );
    const labels = placed ? 'model="old",version="v2"' : 'model="",version=""';
    const errors = `paddle_errors_total{reason="${reason}",${labels}}`;
    const requests = `paddle_requests_total{method="POST",endpoint="/infer",status="4xx",${labels}}`;
    const before = [await metric(shared.url, errors), await metric(shared.url, requests)];
    const answer = await infer(shared.url, body);
    assert.equal(answer.status, status);
    assert.equal(answer.error?.reason, reason);
    assert.match(answer.error!.message, message);
    const after = [await metric(shared.url, errors), await metric(shared.url, requests)];
    assert.deepEqual(
      after,
      before.map((count) => count + 1),
    );
  });

test('another method is refused', async () => {
  const response = await fetch(`${shared.url}/infer`);
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'POST');
});

test('health runs a real inference on every version', async () => {
  const response = await fetch(`${shared.url}/health`);
  assert.equal(response.status, 200);
  const { status, models } = (await response.json()) as { status: string; models: unknown[] };
  assert.deepEqual([status, models.length], ['ready', 4]);
});

test('a request is measured on its whole way', async (t) => {
  const { url } = await runFor(t, {});
  for (let i = 0; i < 3; i++)
    assert.equal((await infer(url, { version: 'v1', inputs: oneImage })).status, 200);
  const v1 = '{model="digits",version="v1"}';
  for (const name of ['request_duration', 'inference_duration', 'queue_time', 'preprocess', 'postprocess'])
    assert.equal(await metric(url, `paddle_${name}_seconds_count${v1}`), 3, name);
  assert.equal(await metric(url, `paddle_batch_size_sum${v1}`), 3);
  for (const status of ['2xx', '5xx'])
    assert.equal(
      await metric(
        url,
        `paddle_requests_total{method="POST",endpoint="/infer",status="${status}",model="digits",version="v1"}`,
      ),
      status === '2xx' ? 3 : 0,
    );
  assert.ok((await metric(url, `paddle_model_load_seconds${v1}`)) > 0);
  assert.equal(await metric(url, `paddle_requests_running${v1}`), 0);
});

test('requests that wait together run together', async (t) => {
  const { url, serving } = await runFor(t, { maxBatch: 8 });
  serving.injectFault('digits', 'v2', { extraSeconds: 1 });
  const first = infer(url, { inputs: oneImage });
  await until(async () => (await metric(url, 'paddle_requests_running{model="digits",version="v2"}')) === 1);
  serving.injectFault('digits', 'v2', undefined);
  const answers = await Promise.all([
    first,
    ...images.slice(1, 9).map((one) => infer(url, { inputs: { image: [shaped(one)] } })),
  ]);
  assert.ok(answers.every(({ status }) => status === 200));
  assert.ok((await metric(url, 'paddle_batch_size_count{model="digits",version="v2"}')) < 9);
  const alone = await infer(url, { inputs: { image: [shaped(images[5]!)] } });
  assert.deepEqual(answers[5]!.outputs, alone.outputs);
});

test('a drill makes one version slow, and the metrics show it', async (t) => {
  const { url, serving } = await runFor(t, {});
  serving.injectFault('digits', 'v2', { extraSeconds: 0.15 });
  await Promise.all([
    infer(url, { version: 'v2', inputs: oneImage }),
    infer(url, { version: 'v1', inputs: oneImage }),
  ]);
  const inference = (version: string) =>
    metric(url, `paddle_inference_duration_seconds_sum{model="digits",version="${version}"}`);
  assert.ok((await inference('v2')) >= 0.15);
  assert.ok((await inference('v1')) < (await inference('v2')));
});

test('a drill makes a share of the requests fail', async (t) => {
  const draws = [0.1, 0.9];
  const { url, serving } = await runFor(t, { random: () => draws.shift() ?? 0.9 });
  serving.injectFault('digits', 'v2', { failureShare: 0.5 });
  const failed = await infer(url, { inputs: oneImage });
  assert.deepEqual([failed.status, failed.error?.reason], [500, 'fault_injected']);
  assert.equal((await infer(url, { inputs: oneImage })).status, 200);
  const series =
    'paddle_requests_total{method="POST",endpoint="/infer",status="5xx",model="digits",version="v2"}';
  assert.equal(await metric(url, series), 1);
});

test('a full queue refuses, a late answer is an error, and both are counted', async (t) => {
  let clock = 0;
  const limits = { queueCapacity: 1, maxBatch: 1, timeoutMs: 150 };
  const { url, serving } = await runFor(t, { ...limits, now: () => clock });
  serving.injectFault('digits', 'v2', { extraSeconds: 2 });
  const running = infer(url, { inputs: oneImage });
  const inState = (state: string) => metric(url, `paddle_requests_${state}{model="digits",version="v2"}`);
  await until(async () => (await inState('running')) === 1);
  const waiting = infer(url, { inputs: oneImage });
  await until(async () => (await inState('waiting')) === 1);
  const refused = await infer(url, { inputs: oneImage });
  assert.deepEqual([refused.status, refused.error?.reason], [503, 'queue_full']);
  clock = 151;
  for (const answer of await Promise.all([running, waiting]))
    assert.deepEqual([answer.status, answer.error?.reason], [504, 'deadline_exceeded']);
  const errors = 'paddle_errors_total{reason="deadline_exceeded",model="digits",version="v2"}';
  assert.equal(await metric(url, errors), 2);
});

test('stopping answers what is inside and refuses what comes', async () => {
  const { url, serving, close } = await run();
  serving.injectFault('digits', 'v2', { extraSeconds: 1 });
  const inside = infer(url, { inputs: oneImage });
  await until(async () => (await metric(url, 'paddle_requests_running{model="digits",version="v2"}')) === 1);
  const stopped = serving.stop();
  const late = await infer(url, { inputs: oneImage });
  assert.deepEqual([late.status, late.error?.reason], [503, 'stopping']);
  assert.equal((await fetch(`${url}/health`)).status, 503);
  assert.equal((await inside).status, 200);
  await stopped;
  await close();
});

test('a model that cannot be loaded keeps the server from starting', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-serving-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const broken = (name: string, program: string, parameters: Uint8Array) => {
    const at = path.join(folder, name);
    mkdirSync(at);
    writeFileSync(path.join(at, 'inference.json'), program);
    writeFileSync(path.join(at, 'inference.pdiparams'), parameters);
    return startServing({ models: [{ name, version: '1', path: at }], workers: 1 });
  };
  const good = digitsModel('v2').path;
  const program = readFileSync(path.join(good, 'inference.json'), 'utf8');
  const parameters = readFileSync(path.join(good, 'inference.pdiparams'));
  await assert.rejects(
    broken('cut', program, parameters.subarray(0, 1000)),
    /inference\.pdiparams.*at offset \d+/,
  );
  await assert.rejects(
    broken(
      'foreign',
      program.replaceAll('"1.relu"', '"1.deformable_conv"').replace('"1.softmax"', '"1.fft_c2c"'),
      parameters,
    ),
    /not supported: operator deformable_conv \(2 times\); operator fft_c2c/,
  );
  await assert.rejects(
    startServing({ models: [{ name: 'x', version: '1', path: folder }], workers: 1 }),
    /it has no/,
  );
});

/** Waits for a state of the real server; the test's own timeout is the bound. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}
