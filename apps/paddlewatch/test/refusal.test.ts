import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

/** What cannot start says why in its last line, names the cure, and ends: no thread or port is left that holds it. */

const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-refusal-'));
const file = path.join(folder, 'file');
const occupied = path.join(folder, 'occupied');
const other = createServer();
let taken: string;

before(async () => {
  writeFileSync(file, '');
  // The example's own folder cannot be made here: found out only when its server already stands.
  mkdirSync(occupied);
  writeFileSync(path.join(occupied, 'example'), '');
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  taken = String((other.address() as AddressInfo).port);
});
after(() => {
  other.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): Promise<{ code: number | null; said: string }> {
  const free = ['--port', '0', '--serving-port', '0', '--data', path.join(folder, 'data')];
  const child = spawn('node', ['tools/run.mjs', 'start', ...free, ...args], { cwd: root });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

const refusals: readonly [what: string, args: () => string[], said: RegExp][] = [
  ['a file as data folder', () => ['--data', file], /cannot keep data in .*file.*--data/],
  ['a fault behind an open server', () => ['--data', occupied], /EEXIST|ENOTDIR/],
  ['a taken port', () => ['--port', taken], /another program has this port; choose another with --port/],
  ['a taken serving port', () => ['--serving-port', taken], /choose another with --serving-port/],
  ['an unknown drill', () => ['--drill', 'flood'], /cannot drill "flood": choose slow or errors/],
];

for (const [what, args, expected] of refusals) {
  test(`${what} is refused`, { timeout: 60_000 }, async () => {
    const { code, said } = await start(...args());
    assert.equal(code, 1);
    assert.match(said, expected);
  });
}
