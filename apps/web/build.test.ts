import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ensureBuilt } from './build.ts';

test('the page is built once, and what it asks for is its own and is there', async () => {
  const folder = await ensureBuilt();
  const html = readFileSync(path.join(folder, 'index.html'), 'utf8');
  const asked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
  assert.ok(asked.length >= 3);
  for (const file of asked) assert.ok(file.startsWith('./') && existsSync(path.join(folder, file)), file);
  const built = statSync(path.join(folder, 'index.html')).mtimeMs;
  assert.equal(await ensureBuilt(), folder);
  assert.equal(statSync(path.join(folder, 'index.html')).mtimeMs, built);
});
