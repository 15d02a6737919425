// Feeds damaged bytes to the decoders: each input is read or refused by a named error, in a bounded time and memory.
//   node libs/tsdb/test/fuzz.ts --decoder xor --count 1000000 --seed 1        (--decoder all: one after the other)
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type DecoderName, decoderNames, openDecoder } from './fuzz/decoders.ts';
import { randomFrom } from './random.ts';

/** Milliseconds without a sign of life that count as a hang; a busy machine stretches them. */
const longestInput = 60_000;
/** How much memory may grow over a run, bytes. */
const mostGrowth = 512 * 1024 * 1024;
/** Inputs between two looks at the memory, and two signs of life. */
const stride = 1000;

export interface FuzzCount {
  readonly decoder: DecoderName;
  readonly inputs: number;
  /** Inputs that were refused; the others were read. */
  readonly refused: number;
  /** The most processor time that an input took, ms. */
  readonly slowest: number;
  /** How much the resident memory grew, MiB. */
  readonly grown: number;
}

/** Runs inputs through a decoder. @throws where one is refused without a name; the message says which input it was. */
export function fuzz(
  decoder: DecoderName,
  inputs: number,
  seed: number,
  begin: (input: number) => void = () => undefined,
): FuzzCount {
  const { feed, close } = openDecoder(decoder);
  const random = randomFrom(seed);
  const before = process.memoryUsage.rss();
  let refused = 0;
  let slowest = 0;
  let largest = before;
  try {
    for (let i = 0; i < inputs; i++) {
      if (i % stride === 0) {
        begin(i);
        largest = Math.max(largest, process.memoryUsage.rss());
      }
      const start = processorTime();
      try {
        if (!feed(random)) refused++;
      } catch (error) {
        throw new Error(`input ${i} of seed ${seed} for ${decoder}: ${(error as Error).message}`, {
          cause: error,
        });
      }
      slowest = Math.max(slowest, processorTime() - start);
    }
  } finally {
    close();
  }
  if (largest - before > mostGrowth) {
    throw new Error(`${decoder} took ${largest - before} bytes more than before`);
  }
  return { decoder, inputs, refused, slowest, grown: (largest - before) / 2 ** 20 };
}

/** Of this thread, ms: on a busy machine the clock says nothing. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

interface Task {
  readonly decoder: DecoderName;
  readonly count: number;
  readonly seed: number;
}

/** Runs in a thread, so that a hang is seen: whoever gives no sign of life for long is ended by name. */
function watched(task: Task): Promise<FuzzCount> {
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    let input = 0;
    const bark = () => {
      void worker.terminate();
      reject(new Error(`${task.decoder} hangs behind input ${input} of seed ${task.seed}`));
    };
    let timer = setTimeout(bark, longestInput);
    worker.on('message', (message: number | FuzzCount) => {
      clearTimeout(timer);
      if (typeof message === 'number') {
        input = message;
        timer = setTimeout(bark, longestInput);
      } else resolve(message);
    });
    worker.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

if (!isMainThread && parentPort && workerData) {
  const port = parentPort;
  const { decoder, count, seed } = workerData as Task;
  port.postMessage(fuzz(decoder, count, seed, (input) => port.postMessage(input)));
} else if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      decoder: { type: 'string', default: 'all' },
      count: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const wanted = decoderNames.filter((name) => values.decoder === 'all' || name === values.decoder);
  if (wanted.length === 0)
    throw new Error(`no decoder ${values.decoder}: there are ${decoderNames.join(', ')}`);
  for (const decoder of wanted) {
    const start = performance.now();
    const { inputs, refused, slowest, grown } = await watched({
      decoder,
      count: Number(values.count),
      seed: Number(values.seed),
    });
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${decoder}: ${inputs} inputs, ${refused} refused, ${inputs - refused} read, 0 crashes; ` +
        `slowest ${slowest.toFixed(1)} ms, memory +${grown.toFixed(0)} MiB, ${seconds.toFixed(1)} s`,
    );
  }
}
