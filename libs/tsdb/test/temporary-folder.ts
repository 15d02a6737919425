import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A new folder; in memory where the system has such a place, for whoever writes a file a million times. */
export function temporaryFolder(prefix: string): string {
  const home = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
  return fs.mkdtempSync(path.join(home, prefix));
}
