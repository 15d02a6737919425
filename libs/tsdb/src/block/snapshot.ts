import fs from 'node:fs';
import path from 'node:path';
import { sync } from './durable.ts';

/**
 * A second name for each file of a block, in another folder of the same disk. Tombstones and meta.json are copied:
 * they are the files that change.
 */
export function linkBlock(folder: string, target: string): void {
  fs.mkdirSync(path.join(target, 'chunks'), { recursive: true });
  fs.linkSync(path.join(folder, 'index'), path.join(target, 'index'));
  for (const name of fs.readdirSync(path.join(folder, 'chunks'))) {
    fs.linkSync(path.join(folder, 'chunks', name), path.join(target, 'chunks', name));
  }
  for (const name of ['meta.json', 'tombstones']) {
    const file = path.join(folder, name);
    if (fs.existsSync(file)) fs.copyFileSync(file, path.join(target, name));
  }
  sync(target);
}
