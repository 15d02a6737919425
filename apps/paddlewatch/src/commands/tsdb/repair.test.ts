import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { Db, WalError } from '@paddlewatch/tsdb';
import { repair } from './repair.ts';

test('a folder that is refused opens after a repair, which says what it dropped', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'repair-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  for (const at of [1, 2, 3]) {
    const db = await Db.open({ dir });
    const appender = db.appender();
    appender.append(appender.series(labelsFrom({ __name__: 'm' })), at, at);
    appender.commit();
    await db.close();
  }
  const said: string[] = [];
  await repair(dir, (line) => said.push(line));
  assert.deepEqual(said, [`${dir}: nothing to repair`]);
  fs.rmSync(path.join(dir, 'wal', '00000001'));
  await assert.rejects(Db.open({ dir }), WalError);
  await repair(dir, (line) => said.push(line));
  assert.match(
    said.join('\n'),
    /00000001 is missing\nmoved \d later segments aside as \*\.corrupt\n.* opens again$/,
  );
  await (await Db.open({ dir })).close();
});
