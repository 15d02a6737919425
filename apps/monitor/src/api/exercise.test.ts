import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { exerciseApi } from './exercise.ts';

async function countingServer(atRequest: (count: number) => void = () => {}) {
  const web = fastify({ forceCloseConnections: true });
  const counter = { requests: 0 };
  web.get('/api/v1/query', async (request) => {
    assert.equal(request.url, '/api/v1/query?query=1');
    atRequest(++counter.requests);
    return { status: 'success' };
  });
  await web.listen({ host: '127.0.0.1', port: 0 });
  return { web, counter };
}

test('the API is asked a thousand times through a socket', async (t) => {
  const { web, counter } = await countingServer();
  t.after(() => web.close());
  await exerciseApi(web, () => false);
  assert.equal(counter.requests, 1000);
});

test('the exercise ends with the program', async (t) => {
  const { web, counter } = await countingServer();
  t.after(() => web.close());
  await exerciseApi(web, () => counter.requests === 7);
  assert.equal(counter.requests, 7);
});

test('the exercise ends, without a fault, when the server hangs up or is gone', async () => {
  const { web, counter } = await countingServer((count) => {
    if (count === 5) web.server.closeAllConnections();
  });
  await exerciseApi(web, () => false);
  assert.equal(counter.requests, 5);
  await web.close();
  await exerciseApi(web, () => false);
  assert.equal(counter.requests, 5);
});
