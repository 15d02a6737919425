import fs from 'node:fs';
import path from 'node:path';
import { crc32c } from './bytes/crc32c.ts';

/** Another process works on the folder. */
export class LockError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LockError';
  }
}

/**
 * Takes the folder for this process: a file `lock` that names it, gone after a clean end. One that a killed process
 * left is taken over. Returns what gives the folder back. @throws LockError naming the other process.
 */
export function lockFolder(dir: string): () => void {
  const file = path.join(dir, 'lock');
  const own = signed(`${process.pid} ${startOf(process.pid)}`);
  refuseFlock(file);
  for (;;) {
    try {
      fs.writeFileSync(file, own, { flag: 'wx' });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, start] = readOwner(file);
    if (pid > 0 && isAlive(pid) && startOf(pid) === start) {
      throw new LockError(`cannot open ${dir}: process ${pid} works on it (${file})`);
    }
    fs.rmSync(file, { force: true });
  }
}

/** 0 where nobody is named: Prometheus leaves an empty file, as does who was killed before it could write. */
function readOwner(file: string): [number, string] {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return [0, ''];
  }
  const [pid = '', start = ''] = text.trim().split(' ');
  if (text !== '' && !isUnsigned.test(text) && text !== signed(`${pid} ${start}`)) {
    throw new LockError(
      `cannot open ${path.dirname(file)}: ${file} is damaged; remove it if nobody works there`,
    );
  }
  return [Number(pid), start];
}

/** As older builds wrote it. A signed one does not become this by a flipped bit. */
const isUnsigned = /^\d+ (\d+|-)\n$/;

/** A changed number would name another process, and the folder would be taken from its owner. */
function signed(owner: string): string {
  const bytes = Buffer.from(owner);
  return `${owner} ${crc32c(bytes, 0, bytes.length).toString(16)}\n`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in clock ticks since boot (proc(5), stat field 22): a number used again is another process. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}

/** Prometheus holds flock(2) on the same file; Linux lists those locks by inode. */
function refuseFlock(file: string): void {
  let locks: string;
  let inode: number;
  try {
    inode = fs.statSync(file).ino;
    locks = fs.readFileSync('/proc/locks', 'utf8');
  } catch {
    return;
  }
  for (const line of locks.split('\n')) {
    const match = /FLOCK\s+ADVISORY\s+WRITE\s+(\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)/.exec(line);
    if (match && Number(match[2]) === inode) {
      throw new LockError(`cannot open ${path.dirname(file)}: process ${match[1]} holds a lock on ${file}`);
    }
  }
}
