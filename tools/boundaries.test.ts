import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { violations } from './boundaries.ts';

test('the house keeps its walls', () => {
  assert.deepEqual(violations(path.dirname(import.meta.dirname)), []);
});

test('a seeded violation of each kind is caught with its file and line', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'paddlewatch-house-'));
  t.after(() => rmSync(root, { recursive: true }));
  const seed = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  seed(
    'libs/promql/src/a.ts',
    "import { labelsFrom } from '@paddlewatch/model';\nimport { Db } from '@paddlewatch/tsdb';\n",
  );
  seed('libs/tsdb/src/b.ts', "export { x } from '../../promql/src/index.ts';\n");
  seed('apps/monitor/src/c.ts', "const { route } = await import('@paddlewatch/alerting');\n");
  seed('apps/web/src/d.tsx', "import '@paddlewatch/model';\n");
  const places = violations(root).map((fault) => fault.split(': ')[0]);
  assert.deepEqual(places, [
    'apps/monitor/src/c.ts:1',
    'apps/web/src/d.tsx:1',
    'libs/promql/src/a.ts:2',
    'libs/tsdb/src/b.ts:1',
  ]);
});
