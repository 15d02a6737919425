import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEngine, parseScript, runScript } from './index.ts';

const folder = path.join(import.meta.dirname, '../scripts');

for (const name of readdirSync(folder)) {
  test(name, async () => {
    const engine = createEngine({ delayedNameRemoval: true });
    const faults: string[] = [];
    for await (const { line, query, fault } of runScript(
      parseScript(readFileSync(path.join(folder, name), 'utf8')),
      engine,
    ))
      if (fault !== undefined) faults.push(`${name}:${line}: ${query}\n  ${fault}`);
    assert.equal(faults.join('\n'), '');
  });
}
