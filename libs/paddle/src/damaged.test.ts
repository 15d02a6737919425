import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { convertPaddle } from './model.ts';
import { CorruptModelError, UnsupportedModelError } from './model-error.ts';

const models = path.join(import.meta.dirname, '../../../examples/digits/models/v2');
const read = (file: string) => readFileSync(path.join(models, file));
const paddle2 = read('paddle2/inference.pdmodel');
const paddle3 = read('paddle3/inference.json');
const parameters = read('paddle3/inference.pdiparams');

const convert = (program: Uint8Array, weights: Uint8Array = parameters) =>
  convertPaddle({ program, programFile: 'm.program', parameters: weights, parametersFile: 'm.pdiparams' });

/** Converts, or refuses by name: any other error is a fault of ours. */
function namesItsFault(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CorruptModelError || error instanceof UnsupportedModelError) return error.message;
    throw error;
  }
}

test('parameters that end early name the parameter and the offset', () => {
  for (let length = 0; length < parameters.length; length += 97)
    assert.match(
      namesItsFault(() => convert(paddle3, parameters.subarray(0, length)))!,
      /^cannot read m\.pdiparams: .* needs \d+ bytes and \d+ are left at offset \d+$/,
    );
});

test('parameters with something behind them are refused', () => {
  const longer = Buffer.concat([parameters, Buffer.from([0])]);
  assert.match(
    namesItsFault(() => convert(paddle3, longer))!,
    /1 bytes are left after 14 parameters at offset/,
  );
});

test('parameters of another model are refused', () => {
  const other = readFileSync(path.join(models, '../v1/paddle3/inference.pdiparams'));
  assert.match(namesItsFault(() => convert(paddle3, other))!, /the program declares float32\[\d+\]/);
});

test('a program that ends early is refused, whatever the length', () => {
  for (let length = 0; length < paddle2.length; length += 13)
    assert.ok(namesItsFault(() => convert(paddle2.subarray(0, length))));
  for (let length = 0; length < paddle3.length - 2; length += 101)
    assert.match(namesItsFault(() => convert(paddle3.subarray(0, length)))!, /^cannot read m\.program: /);
});

for (const [format, program] of [
  ['Paddle 2', paddle2],
  ['Paddle 3', paddle3],
] as const)
  test(`a ${format} program with changed bytes converts or names its fault`, () => {
    const change = fc.record({ at: fc.nat(program.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(program);
        for (const { at, to } of changes) damaged[at] = to;
        namesItsFault(() => convert(damaged));
      }),
      { numRuns: 2000, seed: 20 },
    );
  });

test('one error names every operator and attribute without translation', () => {
  const program = JSON.parse(paddle3.toString()) as Program;
  const operations = program.program.regions[0]!.blocks[0]!.ops;
  for (const operation of operations) {
    if (operation['#'] === '1.relu') operation['#'] = '1.deformable_conv';
    if (operation['#'] === '1.softmax') operation.A.push({ N: 'sparsity', AT: { '#': '0.a_f32', D: 0.5 } });
    if (operation['#'] === '1.scale') operation['#'] = '1.fft_c2c';
  }
  const damaged = Buffer.from(JSON.stringify(program));
  assert.throws(
    () => convert(damaged),
    (error) => {
      assert.ok(error instanceof UnsupportedModelError);
      assert.deepEqual(error.faults, [
        'operator fft_c2c',
        'operator deformable_conv (2 times)',
        'attribute sparsity=0.5 of softmax',
      ]);
      return true;
    },
  );
});

test('an attribute that no translation reads is a fault, not a silence', () => {
  const text = paddle3.toString().replace('"N":"axis"', '"N":"axes"');
  const renamed = Buffer.from(text);
  assert.notEqual(text, paddle3.toString());
  assert.match(namesItsFault(() => convert(renamed))!, /softmax without its attribute axis/);
});

interface Program {
  program: { regions: { blocks: { ops: { '#': string; A: unknown[] }[] }[] }[] };
}
