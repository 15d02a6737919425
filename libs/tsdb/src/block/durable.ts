import fs from 'node:fs';
import path from 'node:path';

/** Makes a file or the names in a folder survive a loss of power. */
export function sync(name: string): void {
  const fd = fs.openSync(name, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Replaces a file so that at any moment the old or the new one stands there, whole. */
export function replaceFile(name: string, bytes: Uint8Array | string): void {
  const draft = `${name}.tmp`;
  fs.writeFileSync(draft, bytes, { flush: true });
  fs.renameSync(draft, name);
  sync(path.dirname(name));
}
