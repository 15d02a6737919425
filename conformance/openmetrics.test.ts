import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { judge, parserCases } from './openmetrics.ts';

const folder = '../shared/conformance/openmetrics';

test('agrees with the OpenMetrics suite on every page', (t) => {
  if (!existsSync(folder)) return t.skip(`the suite is not at ${folder}`);
  const cases = parserCases(folder);
  assert.ok(cases.length > 100);
  assert.deepEqual(
    cases.flatMap((one) => judge(one) ?? []),
    [],
  );
});
