import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadPaddle } from './model.ts';

const digits = path.join(import.meta.dirname, '../../../examples/digits');
const heldOut = JSON.parse(readFileSync(path.join(digits, 'testdata/held-out.json'), 'utf8')) as {
  images: number[][];
};

for (const version of ['v1', 'v2'])
  for (const format of ['paddle2', 'paddle3'])
    test(`digits ${version} in ${format} answers what Paddle answers for every held-out image`, async () => {
      const { graph, externalData, inputs, outputs } = loadPaddle(
        path.join(digits, 'models', version, format),
      );
      assert.deepEqual(inputs, [{ name: 'image', type: 'float32', dims: [-1, 1, 8, 8] }]);
      const session = await InferenceSession.create(graph, { externalData });
      const { images } = heldOut;
      const image = new Tensor('float32', Float32Array.from(images.flat()), [images.length, 1, 8, 8]);
      const result = (await session.run({ image }))[outputs[0]!.name]!;
      const golden = readNpy(path.join(digits, `testdata/golden-${version}-${format}.npy`));
      assert.deepEqual(result.dims, [images.length, 10]);
      assert.ok(largestDifference(result.data as Float32Array, golden) <= 1e-5);
    });

/** A float32 array as numpy.save writes it: ten bytes of magic, version and header length, header, data. */
function readNpy(file: string): Float32Array {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}
