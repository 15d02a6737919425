import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { runFile, scriptFiles } from './promql.ts';

const files = scriptFiles();

test("Prometheus' own scripts", {
  skip: files.length === 0 && '../shared/conformance/promql is not there',
}, async (t) => {
  for (const file of files) {
    await t.test(path.basename(file), async () => {
      const { name, failures } = await runFile(file);
      const told = failures
        .map(({ line, query, fault }) => `${name}:${line}: ${query}\n  ${fault}`)
        .join('\n');
      assert.equal(failures.length, 0, told);
    });
  }
});
