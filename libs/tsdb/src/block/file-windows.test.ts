import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FileWindows } from './file-windows.ts';
import { WindowMemory, windowSize } from './window-memory.ts';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'windows-'));
after(() => fs.rmSync(dir, { recursive: true }));

/** Each word of four bytes says where it stands and in which file. */
function makeFile(number: number, windows: number): string {
  const words = new Uint32Array((windows * windowSize) / 4).map((_, i) => i * 4 + number);
  const file = path.join(dir, String(number));
  fs.writeFileSync(file, words);
  return file;
}

test('what one reader has read another one finds, until the memory is wanted for something else', () => {
  const file = makeFile(3, 40);
  const memory = WindowMemory.ofSize(16 * windowSize);
  const [one, other] = [new FileWindows(memory), new FileWindows(memory)];
  const [ours, theirs] = [one.open(file), other.open(file)];
  ours.seek(4000, 4);
  fs.writeSync(fs.openSync(file, 'r+'), Buffer.alloc(4), 0, 4, 4000);
  theirs.seek(4000, 4);
  const word = ({ bytes, at }: typeof ours) => bytes[at]! + bytes[at + 1]! * 256;
  assert.equal(word(theirs), 4003);
  assert.ok(theirs.bytes.buffer === ours.bytes.buffer);
  // `theirs` looks at the window still, so it stays whatever `ours` reads.
  for (let place = 1; place < 40; place++) ours.seek(place * windowSize, 4);
  assert.equal(word(theirs), 4003);
  theirs.seek(4000, 4);
  assert.equal(word(theirs), 4003);
  for (let place = 1; place <= 4; place++) theirs.seek(place * windowSize, 4);
  for (let place = 1; place < 40; place++) ours.seek(place * windowSize, 4);
  theirs.seek(4000, 4);
  assert.equal(word(theirs), 0);
});

test('readers beyond the last seat have memory of their own', () => {
  const file = makeFile(2, 3);
  const memory = WindowMemory.ofSize(16 * windowSize);
  const readers = Array.from({ length: 40 }, () => new FileWindows(memory));
  for (const reader of readers) {
    const open = reader.open(file);
    open.seek(2 * windowSize, 4);
    assert.equal(
      new DataView(open.bytes.buffer, open.bytes.byteOffset + open.at).getUint32(0, true),
      2 * windowSize + 2,
    );
    open.close();
  }
  for (const reader of readers) reader.close();
  assert.equal(memory.sit(7), 0);
});

test('threads that crowd in little memory always see the right bytes, also when one of them is killed', async () => {
  const files = [makeFile(1, 30), makeFile(2, 30)];
  const memory = WindowMemory.ofSize(8 * windowSize);
  const thread = fileURLToPath(new URL('../../test/window-thread.ts', import.meta.url));
  const start = (seed: number, seeks: number) =>
    new Worker(thread, { workerData: { files, handle: memory.handle, seed, seeks } });
  const killed = start(1, Infinity);
  await once(killed, 'message');
  const others = [start(2, 30_000), start(3, 30_000)];
  await Promise.all(others.map((worker) => once(worker, 'message')));
  const numbers = [killed, ...others].map(({ threadId }) => threadId);
  await killed.terminate();
  const results = await Promise.all(others.map((worker) => once(worker, 'message')));
  assert.deepEqual(results, [[{ seeks: 30_000, wrong: 0 }], [{ seeks: 30_000, wrong: 0 }]]);
  for (const number of numbers) memory.leaveAll(number);
  // No slot is left in anyone's hands: all eight can be filled, and then hold eight windows.
  const windows = new FileWindows(memory);
  const file = windows.open(files[0]!);
  for (let place = 0; place < 8; place++) file.seek(place * windowSize, 4);
  const again = new FileWindows(memory).open(files[0]!);
  for (let place = 0; place < 8; place++) {
    again.seek(place * windowSize, 4);
    assert.ok(again.bytes.buffer === memory.handle.bytes.buffer);
  }
});
