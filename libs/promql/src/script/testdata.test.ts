import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEngine } from '../engine.ts';
import { runScript } from './run.ts';
import { parseScript } from './script.ts';

const folder = path.join(import.meta.dirname, '../../testdata');

for (const name of readdirSync(folder)) {
  test(`script ${name}`, async () => {
    const engine = createEngine({ maxSamples: 10_000, delayedNameRemoval: true });
    for await (const { line, query, fault } of runScript(
      parseScript(readFileSync(path.join(folder, name), 'utf8')),
      engine,
    ))
      assert.equal(fault, undefined, `${name}:${line}: ${query}`);
  });
}
