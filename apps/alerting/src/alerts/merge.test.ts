import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from './alert.ts';
import { merge } from './merge.ts';

const base: Alert = {
  ...{ labels: ['a', 'b'], fingerprint: 'f', annotations: {}, generatorURL: '', timeout: false },
  ...{ startsAt: 0, endsAt: 100, updatedAt: 10, receivedAt: 10 },
};

/** What was known, what comes at time 50, and startsAt–endsAt afterwards; `?` marks an end that is a guess. */
const table: [string, Partial<Alert>, Partial<Alert>, string][] = [
  ['a later end wins', {}, { endsAt: 200 }, '0–200'],
  ['an earlier end of the same kind does not shorten', {}, { startsAt: 0, endsAt: 80 }, '0–100'],
  ['a resolution wins', {}, { endsAt: 50 }, '0–50'],
  ['the earlier start stays', {}, { startsAt: 40, endsAt: 200 }, '0–200'],
  ['an earlier start is taken over', { startsAt: 20 }, { startsAt: 5, endsAt: 200 }, '5–200'],
  ['a named end beats a guess', { timeout: true, endsAt: 300 }, { endsAt: 200 }, '0–200'],
  ['a guess does not beat a named end', {}, { endsAt: 300, timeout: true }, '0–100'],
  ['a guess follows a guess', { timeout: true }, { endsAt: 300, timeout: true }, '0–300?'],
  ['what came after the end is another occurrence', { endsAt: 30 }, { startsAt: 40, endsAt: 200 }, '40–200'],
];

for (const [name, known, update, expected] of table) {
  test(name, () => {
    const { startsAt, endsAt, timeout } = merge(
      { ...base, ...known },
      { ...base, updatedAt: 50, receivedAt: 50, ...update },
    );
    assert.equal(`${startsAt}–${endsAt}${timeout ? '?' : ''}`, expected);
  });
}
