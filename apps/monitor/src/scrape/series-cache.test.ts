import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pageEnd, SeriesCache, unknownSeries } from './series-cache.ts';

/** Takes a page as a scrape does; a series' reference is the number of texts seen before it. */
class Scraped {
  readonly cache = new SeriesCache();
  readonly texts: string[] = [];
  /** Look-ups that only an unknown text should cause. */
  unknown = 0;

  take(page: string) {
    const { cache } = this;
    cache.open(Buffer.from(page), 'text');
    const samples: [text: string, value: number][] = [];
    for (let series = cache.next(); series !== pageEnd; series = cache.next()) {
      if (series === unknownSeries) {
        this.unknown++;
        const { page: bytes, seriesStart, seriesEnd } = cache.scanner;
        series = cache.add(this.texts.push(bytes.toString('utf8', seriesStart, seriesEnd)) - 1);
      }
      samples.push([this.texts[cache.rows.refs[series]!]!, cache.scanner.value]);
    }
    const vanished = [...cache.vanished()].map((series) => this.texts[cache.rows.refs[series]!]!);
    cache.close();
    return { samples, vanished };
  }
}

test('gives every sample its series, however pages change', () => {
  const series = fc.constantFrom(
    'a',
    'ab',
    'a{b="1"}',
    'a{b="2"}',
    'a{b="1",c="long enough to be compared in words"}',
    'z',
  );
  const line = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(series, fc.integer({ min: 0, max: 9 })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('# TYPE a histogram', '# TYPE a gauge', '# HELP a x', '# a comment', ''),
    },
  );
  const pages = fc.array(fc.array(line, { maxLength: 12 }), { maxLength: 6 });
  fc.assert(
    fc.property(pages, (sequence) => {
      const scraped = new Scraped();
      let before = new Set<string>();
      for (const lines of sequence) {
        const page = lines.map((l) => `${typeof l === 'string' ? l : `${l[0]} ${l[1]}`}\n`).join('');
        const expected = lines.filter((l) => typeof l !== 'string');
        const { samples, vanished } = scraped.take(page);
        assert.deepEqual(samples, expected);
        const now = new Set(expected.map(([text]) => text));
        assert.deepEqual(new Set(vanished), before.difference(now));
        before = now;
      }
    }),
    { numRuns: 1000 },
  );
});

test('looks up only what is new, whatever moved', () => {
  const scraped = new Scraped();
  const lines = Array.from({ length: 100 }, (_, i) => `a{i="${i}"} ${i}\n`);
  scraped.take(lines.join(''));
  assert.equal(scraped.unknown, 100);
  scraped.take([...lines].reverse().join(''));
  scraped.take([...lines.slice(0, 50), 'b 1\n', ...lines.slice(51)].join(''));
  assert.equal(scraped.unknown, 101);
});

test('knows the float label of the family at hand, in lines it knows too', () => {
  const page = '# TYPE h histogram\nh 1\n# TYPE s summary\n# HELP s x\ns 1\n# TYPE g gauge\ng 1\n';
  const cache = new SeriesCache();
  for (let round = 0; round < 2; round++) {
    cache.open(Buffer.from(page), 'text');
    const labels: string[] = [];
    for (let series = cache.next(); series !== pageEnd; series = cache.next()) {
      if (series === unknownSeries) cache.add(0);
      labels.push(cache.floatLabel);
    }
    cache.close();
    assert.deepEqual(labels, ['le', 'quantile', '']);
  }
});

test('tells what the page says of its metrics', () => {
  const scraped = new Scraped();
  scraped.take('# HELP a words\\n\n# TYPE a counter\na 1\nb 2\n');
  scraped.take('# HELP a words\\n\n# TYPE a counter\na 2\n# TYPE c gauge\n');
  assert.deepEqual(
    [...scraped.cache.metadata()],
    [
      ['a', 'help', 'words\n'],
      ['a', 'type', 'counter'],
      ['c', 'type', 'gauge'],
    ],
  );
});

test('abandoned, it gives every series of the last page; forgotten, none', () => {
  const scraped = new Scraped();
  scraped.take('a 1\nb 1\n');
  scraped.cache.open(Buffer.from('b 1\nc 1\n!'), 'text');
  scraped.cache.next();
  scraped.cache.next();
  scraped.cache.add(2);
  scraped.cache.abandon();
  assert.deepEqual([...scraped.cache.vanished()], [0, 1]);
  scraped.cache.forget();
  assert.deepEqual([...scraped.cache.vanished()], []);
});
