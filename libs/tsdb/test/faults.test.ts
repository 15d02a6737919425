import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Db } from '../src/index.ts';
import { TestSamples } from './samples.ts';

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-faults-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('where the disk takes no more, a commit fails whole and what was taken stays', async (t) => {
  const dir = tempDir(t);
  const child = fileURLToPath(new URL('./full-disk-child.ts', import.meta.url));
  const { stdout, stderr } = spawnSync('bash', [
    '-c',
    `ulimit -f 64; exec "${process.execPath}" "${child}" "${dir}"`,
  ]);
  const told = JSON.parse(String(stdout) || assert.fail(String(stderr))) as {
    taken: number;
    seen: number;
    message: string;
  };
  assert.match(told.message, /^cannot write .*00000000 at offset \d+: EFBIG/);
  assert.ok(told.taken > 10);
  assert.equal(told.seen, told.taken);
  const db = await Db.open({ dir });
  const set = await db.querier(0, Infinity).select([], { mint: 0, maxt: Infinity });
  assert.equal(set.length, 50);
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, 0, Infinity, into);
    assert.deepEqual(
      into.pairs(),
      Array.from({ length: told.taken }, (_, k) => [k + 1, k + 1]),
    );
  }
  await db.close();
});

test('a folder that cannot be written is refused by name', async (t) => {
  const dir = tempDir(t);
  fs.chmodSync(dir, 0o555);
  await asNobody(() => assert.rejects(Db.open({ dir }), (error: Error) => error.message.includes(dir)));
});

/** Root may write everywhere, so for a while it is somebody else. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid!(65534);
  try {
    await act();
  } finally {
    if (root) process.seteuid!(0);
  }
}
