// Decodes all float chunks of a block, over and over: CPU time a sample.
//   node libs/tsdb/bench/decode.ts BLOCK_FOLDER
import { Block } from '../src/block/block.ts';
import { decodeChunk } from '../src/chunk/decode.ts';
import { SampleColumns } from '../src/chunk/sample-columns.ts';
import { encodingXor } from '../src/chunk/xor.ts';

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error('cannot decode: name the folder of a block');
const block = new Block(dir);
const chunks: Uint8Array[] = [];
for (const series of block.index.everything()) {
  block.index.eachChunk(series, (_mint, _maxt, chunk) => {
    block.chunks.seek(chunk);
    const { encoding, bytes, at, end } = block.chunks;
    if (encoding === encodingXor) chunks.push(bytes.slice(at, end));
  });
}
const into = new SampleColumns(1024);
for (let round = 0; round < 5; round++) {
  const before = process.cpuUsage();
  let samples = 0;
  for (const chunk of chunks) {
    into.length = 0;
    decodeChunk(
      encodingXor,
      chunk,
      0,
      chunk.length,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      into,
    );
    samples += into.length;
  }
  const { user, system } = process.cpuUsage(before);
  const nanoseconds = (1000 * (user + system)) / samples;
  console.log(
    `${samples} samples, ${nanoseconds.toFixed(1)} ns each, ${(1000 / nanoseconds).toFixed(0)} million a second`,
  );
}
block.close();
