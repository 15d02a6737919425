import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it where they are not there. Node's own `recursive` never ends where the folder above
 * takes none, as in /proc. @throws what the system says
 */
export function makeFolder(dir: string): void {
  try {
    fs.mkdirSync(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && fs.statSync(dir).isDirectory()) return;
    const above = path.dirname(dir);
    if (code !== 'ENOENT' || above === dir) throw error;
    makeFolder(above);
    fs.mkdirSync(dir);
  }
}
