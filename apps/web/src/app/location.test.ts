import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagePaths } from '../../build.ts';
import { addressOf, addressOfHash, pageOf } from './location.ts';

test('every path that the server answers with the page opens the page of that name', () => {
  assert.deepEqual(pagePaths.map(pageOf), ['overview', 'targets', 'alerts', 'history', 'explore', 'explore']);
  assert.equal(pageOf('/monitoring/alerts'), 'alerts');
});

test('addresses are relative, so that a prefix before them stays', () => {
  assert.equal(addressOf('overview'), './');
  assert.equal(
    addressOf('explore', new URLSearchParams({ query: 'a{b="c"}' })),
    './explore?query=a%7Bb%3D%22c%22%7D',
  );
});

test('links in Alertmanager’s notifications arrive', () => {
  assert.equal(addressOfHash('#/alerts?receiver=ops'), './alerts?tab=notifications');
  assert.equal(addressOfHash('#/silences/new'), './alerts?tab=silences');
  assert.equal(addressOfHash(''), undefined);
});
