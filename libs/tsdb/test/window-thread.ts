// A thread that looks at random places of files through shared windows and counts what it sees wrong.
import { parentPort, workerData } from 'node:worker_threads';
import { FileWindows } from '../src/block/file-windows.ts';
import { WindowMemory, type WindowMemoryHandle } from '../src/block/window-memory.ts';
import { randomFrom } from './random.ts';

interface Task {
  readonly files: readonly string[];
  readonly handle: WindowMemoryHandle;
  readonly seed: number;
  readonly seeks: number;
}

const { files, handle, seed, seeks } = workerData as Task;
const windows = new FileWindows(new WindowMemory(handle));
const opened = files.map((file) => windows.open(file));
const random = randomFrom(seed);
let wrong = 0;
for (let i = 0; i < seeks; i++) {
  const number = random(opened.length);
  const file = opened[number]!;
  const offset = random(file.size / 4 - 16) * 4;
  file.seek(offset, 64);
  const { bytes, at } = file;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let place = 0; place < 64; place += 4) {
    if (view.getUint32(at + place, true) !== offset + place + number + 1) wrong++;
  }
  if (i === 100) parentPort!.postMessage('under way');
}
parentPort!.postMessage({ seeks, wrong });
