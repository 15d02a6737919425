import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { labelsFrom, labelsKey } from '@paddlewatch/model';
import { BlockError, Db, type DbOptions, WalError } from '../src/index.ts';
import { type Random, randomFrom } from './random.ts';
import { TestSamples } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const minute = 60_000;
const end = 30 * minute;
const step = 5000;

type Content = Map<string, Map<number, number>>;

let home = '';
let sound = '';
let expected: Content;
/** What was ever appended, deleted or not. */
const appended: Content = new Map();

function options(dir: string): DbOptions {
  return {
    dir,
    chunkRange: 4 * minute,
    outOfOrderWindow: minute,
    wal: { segmentSize: 16 * 1024, sync: 'never' },
  };
}

/** A folder with every kind of file: blocks with deletions, a checkpoint, both logs in several segments, head chunks. */
before(async () => {
  home = temporaryFolder('tsdb-damage-');
  sound = path.join(home, 'sound');
  let db = await Db.open(options(sound));
  for (let t = 0; t < end; t += step) {
    const appender = db.appender();
    for (let i = 0; i < 40; i++) {
      const late = i < 4 && t % (4 * step) === 0 ? 3 * step + 1 : 0;
      const labels = labelsFrom({ __name__: 'm', i: String(i) });
      const value = t + Math.sin(i);
      appender.append(appender.series(labels), t - late, value);
      const row = appended.get(labelsKey(labels)) ?? new Map<number, number>();
      appended.set(labelsKey(labels), row.set(t - late, value));
    }
    appender.commit();
    if (t === 20 * minute) {
      await db.maintain();
      await db.maintain();
      await db.deleteSeries([{ type: '=', name: 'i', value: '7' }], minute, 19 * minute);
      await db.close();
      db = await Db.open(options(sound));
    }
  }
  await db.close();
  expected = await content(sound, () => undefined);
});

after(() => fs.rmSync(home, { recursive: true }));

/** @throws what opening or reading refuses. */
async function content(dir: string, log: (line: string) => void, repair?: 'drop'): Promise<Content> {
  const db = await Db.open({ ...options(dir), log, ...(repair && { repair }) });
  try {
    const set = await db.querier(-1e9, 1e9).select([], { mint: -1e9, maxt: 1e9 });
    const found: Content = new Map();
    for (let i = 0; i < set.length; i++) {
      const into = new TestSamples();
      set.read(i, -1e9, 1e9, into);
      found.set(labelsKey(set.labels(i)), new Map(into.pairs()));
    }
    return found;
  } finally {
    await db.close();
  }
}

/** Samples may be lost, and deletions with them; nothing is there that never was. */
function assertPart(found: Content, what: string): void {
  for (const [key, row] of found) {
    const whole = appended.get(key);
    for (const [t, value] of row) assert.equal(whole?.get(t), value, `${what}: ${key} at ${t}`);
  }
}

const kinds: readonly { readonly kind: string; readonly file: RegExp; readonly newest?: boolean }[] = [
  { kind: 'an index', file: /^\w{26}\/index$/ },
  { kind: 'chunks of a block', file: /^\w{26}\/chunks\/\d{6}$/ },
  { kind: 'tombstones', file: /^\w{26}\/tombstones$/ },
  { kind: 'meta.json', file: /^\w{26}\/meta\.json$/ },
  { kind: 'an old segment of the log', file: /^wal\/\d{8}$/ },
  { kind: 'the newest segment of the log', file: /^wal\/\d{8}$/, newest: true },
  { kind: 'a checkpoint', file: /^wal\/checkpoint\.\d{8}\/\d{8}$/ },
  { kind: 'the log of late samples', file: /^wbl\/\d{8}$/ },
  { kind: 'head chunks', file: /^chunks_head\/\d{6}$/ },
];

function filesOf({ file, newest }: (typeof kinds)[number]): string[] {
  const names = (fs.readdirSync(sound, { recursive: true }) as string[])
    .filter((name) => file.test(name))
    .sort();
  const filled = names.filter((name) => fs.statSync(path.join(sound, name)).size > 0);
  return newest ? filled.slice(-1) : filled;
}

/** A copy of the sound folder with one file changed. */
function changed(name: string, change: (bytes: Buffer) => Buffer): string {
  const dir = path.join(home, 'changed');
  fs.rmSync(dir, { recursive: true, force: true });
  fs.cpSync(sound, dir, { recursive: true });
  const file = path.join(dir, name);
  fs.writeFileSync(file, change(fs.readFileSync(file)));
  return dir;
}

/** Refused by name and place, or repaired with a line that says so, or without any effect. */
async function assertSafe(
  dir: string,
  name: string,
  what: string,
): Promise<'refused' | 'repaired' | 'harmless'> {
  const found = await contentOr(dir, name, what);
  if (!found) return 'refused';
  if (found.repaired) assertPart(found.content, what);
  else assert.deepEqual(found.content, expected, what);
  return found.repaired ? 'repaired' : 'harmless';
}

/** Undefined where the folder is refused, which must be by name and place. */
async function contentOr(
  dir: string,
  name: string,
  what: string,
): Promise<{ content: Content; repaired: boolean } | undefined> {
  const news: string[] = [];
  const file = path.join(dir, name);
  try {
    const found = await content(dir, (line) => news.push(line));
    return { content: found, repaired: news.some((line) => line.includes(file) && /offset \d+/.test(line)) };
  } catch (error) {
    assert.ok(error instanceof BlockError || error instanceof WalError, `${what}: ${error}`);
    assert.ok(error.message.includes(file), `${what}: ${error.message}`);
    assert.match(error.message, /offset \d+/, what);
    return undefined;
  }
}

const runs = Number(process.env['FUZZ_RUNS'] ?? 8);

for (const each of kinds) {
  test(`a flipped bit in ${each.kind} is refused or repaired by name, or harmless`, async () => {
    const random: Random = randomFrom(Date.now());
    const names = filesOf(each);
    assert.ok(names.length > 0, 'the sound folder has such a file');
    const fates = { refused: 0, repaired: 0, harmless: 0 };
    for (let n = 0; n < runs; n++) {
      const name = names[random(names.length)]!;
      let what = '';
      const dir = changed(name, (bytes) => {
        // Every other time in the head of the file.
        const at = random(n % 2 === 0 ? Math.min(bytes.length, 40) : bytes.length);
        const bit = random(8);
        what = `${name}, bit ${bit} of byte ${at}`;
        bytes[at]! ^= 1 << bit;
        return bytes;
      });
      fates[await assertSafe(dir, name, what)]++;
    }
    assert.ok(fates.refused + fates.repaired > 0, `nothing was noticed: ${JSON.stringify(fates)}`);
  });

  test(`the end cut off ${each.kind} is refused or repaired by name, or harmless`, async () => {
    const random: Random = randomFrom(Date.now());
    for (let n = 0; n < runs / 4; n++) {
      const names = filesOf(each);
      const name = names[random(names.length)]!;
      const dir = changed(name, (bytes) => bytes.subarray(0, random(bytes.length)));
      const what = `${name} cut off`;
      // Between two records it looks as if it had never been longer.
      if (/^w[ab]l/.test(name)) assertPart((await contentOr(dir, name, what))?.content ?? new Map(), what);
      else await assertSafe(dir, name, what);
    }
  });
}

for (const pattern of [/^wal\/\d{8}$/, /^wbl\/\d{8}$/]) {
  test(`a missing segment of ${pattern.source.slice(1, 4)} is refused by name, and dropped where that is wanted`, async () => {
    const names = (fs.readdirSync(sound, { recursive: true }) as string[]).filter((name) =>
      pattern.test(name),
    );
    assert.ok(names.length >= 3, `segments: ${names}`);
    const dir = path.join(home, 'changed');
    const name = names.sort()[1]!;
    fs.rmSync(dir, { recursive: true, force: true });
    fs.cpSync(sound, dir, { recursive: true });
    fs.rmSync(path.join(dir, name));
    await assert.rejects(
      content(dir, () => undefined),
      (error: Error) =>
        error instanceof WalError && error.message.includes(`${path.join(dir, name)} is missing`),
    );
    const news: string[] = [];
    assertPart(await content(dir, (line) => news.push(line), 'drop'), name);
    assert.match(news.join(), /is missing.*moved \d+ later segments aside/);
  });
}

test('the first segment of a log without a checkpoint may not be missing either', async () => {
  const dir = path.join(home, 'begin');
  for (const at of [1, 2]) {
    const db = await Db.open({ dir });
    const appender = db.appender();
    appender.append(appender.series(labelsFrom({ __name__: 'm' })), at, at);
    appender.commit();
    await db.close();
  }
  fs.rmSync(path.join(dir, 'wal', '00000000'));
  await assert.rejects(Db.open({ dir }), /segment .*00000000 is missing/);
});

test('a damaged block is moved aside where that is wanted', async () => {
  const name = filesOf(kinds[3]!)[0]!;
  const dir = changed(name, (bytes) => bytes.subarray(1));
  await assert.rejects(Db.open(options(dir)), BlockError);
  const news: string[] = [];
  assertPart(await content(dir, (line) => news.push(line), 'drop'), name);
  assert.match(news.join(), /moved .* aside as \w{26}\.corrupt: cannot read .*meta\.json at offset 0/);
  assert.ok(fs.existsSync(path.join(dir, `${path.dirname(name)}.corrupt`, 'meta.json')));
});
