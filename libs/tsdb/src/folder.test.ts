import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from './folder.ts';
import { Db } from './index.ts';

test('folders are made, and where none can be, the system says why', async (t) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-folder-'));
  t.after(() => fs.rmSync(home, { recursive: true }));
  const dir = path.join(home, 'a', 'b');
  makeFolder(dir);
  makeFolder(dir);
  assert.ok(fs.statSync(dir).isDirectory());
  fs.writeFileSync(path.join(home, 'file'), '');
  assert.throws(() => makeFolder(path.join(home, 'file')), /EEXIST/);
  assert.throws(() => makeFolder(path.join(home, 'file', 'x')), /ENOTDIR/);
});

test('a folder in /proc is refused', {
  skip: !fs.existsSync('/proc') && 'there is no /proc here',
}, async () => {
  assert.throws(() => makeFolder('/proc/x/y'), /ENOENT/);
  await assert.rejects(Db.open({ dir: '/proc/x' }), /ENOENT.*'\/proc\/x'/);
});
