import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const folder = path.dirname(import.meta.dirname);
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');

test('the examples of the README print what it says', () => {
  const examples = [...readme.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)];
  assert.equal(examples.length, 2);
  for (const [, code, printed] of examples) {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module-typescript', '--eval', code!],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.equal(stdout, printed, stderr);
  }
});
