import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { createEngine, MemoryStorage } from '../src/index.ts';
import { textOfAnswer } from './answer-text.ts';
import { askEngine } from './ask.ts';

const storage = new MemoryStorage();
storage.series(labelsFrom({ __name__: 'load', pod: 'a$1"' })).push(0, 0.1 + 0.2);
storage.series(labelsFrom({ __name__: 'load', 'kind.of': 'x' })).push(0, NaN);
storage.series(labelsFrom({ __name__: 'wärme.°C', pod: 'a$1"' })).push(0, -Infinity);

for (const query of ['{__name__=~".+"}', '-load', 'sum(load)', 'nothing', 'scalar(load{pod!=""})'])
  test(`an answer can be asked for by its text: ${query}`, async () => {
    const ask = (text: string) =>
      askEngine({ kind: 'instant', query: text, time: 0 }, createEngine(), storage);
    const answer = await ask(query);
    assert.deepEqual(await ask(textOfAnswer(answer)!), answer);
  });
