import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { bundle } from './bundle.ts';

/** A house with one program, which tells what it finds where it is and hears from a thread. */
function house(t: { after(call: () => void): void }) {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'launch-'));
  t.after(() => fs.rmSync(root, { recursive: true }));
  const files = {
    'package-lock.json': '{}',
    'apps/bell/rules.txt': 'rules',
    'apps/bell/src/greeting.txt': 'grüße',
    'apps/bell/src/thread.ts':
      "import { parentPort } from 'node:worker_threads';\nimport { word } from './word.ts';\nparentPort!.postMessage(`${word} from a thread`);\n",
    'apps/bell/src/word.ts': "export const word: string = 'hello … 你好';\n",
    'apps/bell/src/program.ts': `
      import fs from 'node:fs';
      import path from 'node:path';
      import { Worker } from 'node:worker_threads';
      import { word } from './word.ts';
      const rules = fs.readFileSync(path.resolve(import.meta.dirname, '../rules.txt'), 'utf8');
      const greeting = fs.readFileSync(new URL('./greeting.txt', import.meta.url), 'utf8');
      new Worker(new URL('./thread.ts', import.meta.url), { name: 'bell' }).on('message', (heard: string) =>
        console.log(JSON.stringify([word, rules, greeting, heard])),
      );
    `,
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return { root, program: path.join(root, 'apps/bell/src/program.ts') };
}

const told = ['hello … 你好', 'rules', 'grüße', 'hello … 你好 from a thread'];
const run = (folder: string) =>
  JSON.parse(execFileSync(process.execPath, [path.join(folder, 'program.mjs')], { encoding: 'utf8' }));

test('a bundle runs as its sources do: files beside them, threads, any script', async (t) => {
  const { root, program } = house(t);
  assert.deepEqual(run(path.dirname(await unbundled(program))), told);
  const folder = await bundle(program, root);
  assert.deepEqual(run(folder), told);
  assert.ok(fs.globSync('*.mjs', { cwd: folder }).includes('thread.mjs'));
});

test('it is made once, and again when a source has changed', async (t) => {
  const { root, program } = house(t);
  const [first, meanwhile] = await Promise.all([bundle(program, root), bundle(program, root)]);
  assert.equal(first, meanwhile);
  const { ino } = fs.statSync(path.join(first, 'program.mjs'));
  assert.equal(await bundle(program, root), first);
  assert.equal(fs.statSync(path.join(first, 'program.mjs')).ino, ino);
  fs.appendFileSync(path.join(root, 'apps/bell/src/word.ts'), '// more\n');
  assert.notEqual(await bundle(program, root), first);
  assert.equal(fs.readdirSync(path.dirname(first)).length, 2);
});

test('builds that nobody has begun for long go, but for the last ten', async (t) => {
  const { root, program } = house(t);
  const builds = path.dirname(await bundle(program, root));
  const weekAgo = Date.now() / 1000 - 7 * 86_400;
  for (let i = 0; i < 12; i++) {
    fs.mkdirSync(path.join(builds, `old${i}`));
    fs.utimesSync(path.join(builds, `old${i}`), weekAgo - i, weekAgo - i);
  }
  fs.appendFileSync(path.join(root, 'apps/bell/src/word.ts'), '// more\n');
  await bundle(program, root);
  assert.deepEqual(
    fs
      .readdirSync(builds)
      .filter((name) => name.startsWith('old'))
      .sort(),
    Array.from({ length: 8 }, (_, i) => `old${i}`),
  );
});

test('what does not build is told with its place, and leaves nothing', async (t) => {
  const { root, program } = house(t);
  fs.writeFileSync(path.join(root, 'apps/bell/src/word.ts'), 'export const = 1;\n');
  await assert.rejects(bundle(program, root), /word\.ts/);
  assert.deepEqual(fs.globSync('node_modules/.cache/programs/*/*', { cwd: root }), []);
});

/** The same program as Node runs it from TypeScript. */
async function unbundled(program: string): Promise<string> {
  const copy = path.join(path.dirname(program), 'program.mjs');
  fs.writeFileSync(copy, "import './program.ts';\n");
  return copy;
}
