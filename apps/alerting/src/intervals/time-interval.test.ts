import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfigText } from '../config/load.ts';
import { inAnyInterval } from './time-interval.ts';

function intervals(yaml: string) {
  const text = `route: { receiver: a }\nreceivers: [{ name: a }]\ntime_intervals: [{ name: n, time_intervals: [${yaml}] }]`;
  return loadConfigText(text, 'am.yml').config.time_intervals[0]!.time_intervals;
}

/** Interval, moment, whether it lies inside. 23 November 2026 is a Monday. */
const table: [string, string, boolean][] = [
  ['{}', '2026-11-23T00:00:00Z', true],
  ["{ times: [{ start_time: '09:00', end_time: '17:00' }] }", '2026-11-23T09:00:00Z', true],
  ["{ times: [{ start_time: '09:00', end_time: '17:00' }] }", '2026-11-23T17:00:00Z', false],
  ["{ times: [{ start_time: '23:00', end_time: '24:00' }] }", '2026-11-23T23:59:00Z', true],
  ["{ weekdays: ['monday:friday'] }", '2026-11-23T12:00:00Z', true],
  ["{ weekdays: ['saturday', 'sunday'] }", '2026-11-23T12:00:00Z', false],
  ["{ days_of_month: ['-1'] }", '2026-11-30T12:00:00Z', true],
  ["{ days_of_month: ['-7:-1'] }", '2026-11-23T12:00:00Z', false],
  ["{ days_of_month: ['1:31'] }", '2026-02-28T12:00:00Z', true],
  ["{ days_of_month: ['31'] }", '2026-11-30T12:00:00Z', false],
  ["{ months: ['november:december'] }", '2026-11-23T12:00:00Z', true],
  ["{ months: ['1:3'], weekdays: ['monday'] }", '2026-11-23T12:00:00Z', false],
  ["{ years: ['2025:2027'] }", '2026-11-23T12:00:00Z', true],
  [
    "{ times: [{ start_time: '08:00', end_time: '09:00' }], location: 'Asia/Shanghai' }",
    '2026-11-23T00:30:00Z',
    true,
  ],
  ["{ weekdays: ['tuesday'], location: 'Asia/Shanghai' }", '2026-11-23T17:00:00Z', true],
  ["{ years: ['2020'] }, { weekdays: ['monday'] }", '2026-11-23T12:00:00Z', true],
];

for (const [yaml, moment, inside] of table)
  test(`${yaml} ${inside ? 'holds' : 'does not hold'} ${moment}`, () => {
    assert.equal(inAnyInterval(intervals(yaml), Date.parse(moment)), inside);
  });
