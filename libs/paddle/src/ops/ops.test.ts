import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { DataType } from '../data-type.ts';
import { convertPaddle } from '../model.ts';
import { tensorOf } from '../tensor.ts';

/** Goldens of real Paddle, written by testdata/make_goldens.py. */
interface Golden {
  readonly name: string;
  readonly program: object | string;
  readonly parameters: string;
  readonly inputs: Record<string, Packed>;
  readonly outputs: readonly Packed[];
}

interface Packed {
  readonly type: DataType;
  readonly dims: number[];
  readonly data: readonly (number | string | boolean)[];
}

const folder = path.join(import.meta.dirname, '../../testdata/ops');
const tolerance = 1e-5;

for (const file of readdirSync(folder).sort()) {
  const goldens = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Golden[];
  for (const golden of goldens)
    test(`${path.basename(file, '.json')} ${golden.name} answers what Paddle answers`, () =>
      answersAs(golden));
}

async function answersAs({ name, program, parameters, inputs, outputs }: Golden): Promise<void> {
  const model = convertPaddle({
    program:
      typeof program === 'string' ? Buffer.from(program, 'base64') : Buffer.from(JSON.stringify(program)),
    programFile: name,
    parameters: Buffer.from(parameters, 'base64'),
    parametersFile: `${name}.pdiparams`,
  });
  const session = await InferenceSession.create(model.graph, {
    externalData: model.externalData,
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(model.inputs.map((input) => [input.name, ortTensor(inputs[input.name]!)]));
  const results = await session.run(feeds);
  for (const [i, expected] of outputs.entries()) {
    const got = results[model.outputs[i]!.name]!;
    assert.deepEqual([got.type, got.dims], [expected.type, expected.dims], `type and shape of output ${i}`);
    const values = Array.from(got.data as ArrayLike<number | bigint>, Number);
    for (const [j, value] of values.entries()) {
      const want = Number(expected.data[j]);
      const near =
        Object.is(value, want) || Math.abs(value - want) <= tolerance * Math.max(1, Math.abs(want));
      assert.ok(near, `element ${j} of output ${i} is ${value}, Paddle says ${want}`);
    }
  }
}

function ortTensor({ type, dims, data }: Packed): OrtTensor {
  const bytes = tensorOf(type, dims, data.map(Number)).data;
  if (type === 'bool') return new OrtTensor('bool', bytes, dims);
  if (type === 'int64') return new OrtTensor('int64', new BigInt64Array(bytes.buffer), dims);
  if (type === 'int32') return new OrtTensor('int32', new Int32Array(bytes.buffer), dims);
  return new OrtTensor('float32', new Float32Array(bytes.buffer), dims);
}
