import fs from 'node:fs';
import path from 'node:path';

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
  const own = `${process.pid} ${startOf(process.pid)}\n`;
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

function readOwner(file: string): [number, string] {
  try {
    const [pid = '', start = ''] = fs.readFileSync(file, 'utf8').trim().split(' ');
    return [Number(pid) || 0, start];
  } catch {
    return [0, ''];
  }
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
