import fs from 'node:fs';

/** Resident memory of a process by kind, MiB. */
export interface ResidentMemory {
  readonly total: number;
  /** Pages of the program's files. */
  readonly files: number;
  /** Shared memory of the head, told by the address space that is reserved behind it. */
  readonly head: number;
  /** Small blocks of the C library's allocator, of all threads. */
  readonly malloc: number;
  /** JavaScript heaps of all threads, large buffers, stacks. */
  readonly heaps: number;
}

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly reserved: boolean;
  readonly name: string;
  /** Bytes. */
  rss: number;
}

const MiB = 2 ** 20;
/** The head reserves at least this for each of its memories; nothing else reserves so much at once. */
const headReserve = 400 * MiB;
/** The allocator's memory of a thread, reserved in one piece. */
const threadArena = 64 * MiB;

/** Reads /proc/PID/smaps (proc(5)). */
export function residentMemory(pid: number): ResidentMemory {
  const sums = { files: 0, head: 0, malloc: 0, heaps: 0 };
  const mappings = readMappings(pid);
  for (const [i, mapping] of mappings.entries()) {
    const behind = mappings[i + 1];
    const reserve = behind?.reserved && behind.start === mapping.end ? behind.end - mapping.start : 0;
    sums[kindOf(mapping, reserve)] += mapping.rss / MiB;
  }
  return { ...sums, total: sums.files + sums.head + sums.malloc + sums.heaps };
}

function kindOf({ name, start }: Mapping, reserve: number): 'files' | 'head' | 'malloc' | 'heaps' {
  if (name.startsWith('/')) return 'files';
  if (name === '[heap]' || (start % threadArena === 0 && reserve === threadArena)) return 'malloc';
  return reserve >= headReserve ? 'head' : 'heaps';
}

function readMappings(pid: number): Mapping[] {
  const mappings: Mapping[] = [];
  for (const line of fs.readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line);
    if (head) {
      const [, start, end, rights, name] = head as unknown as [string, string, string, string, string];
      const reserved = rights.startsWith('---');
      mappings.push({
        start: Number.parseInt(start, 16),
        end: Number.parseInt(end, 16),
        reserved,
        name,
        rss: 0,
      });
    } else if (line.startsWith('Rss:')) mappings.at(-1)!.rss = 1024 * Number(line.split(/ +/)[1]);
  }
  return mappings;
}
