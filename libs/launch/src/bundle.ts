import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { staysInPlace } from './stays-in-place.ts';

/** What a program may be made of. */
const sources = ['{apps,libs}/*/src/**/*.ts', 'apps/web/build.ts', 'package-lock.json'];
/** Packages with parts that are no JavaScript. */
const external = ['onnxruntime-node'];
/** Builds of a program that are kept: a server that still runs from one starts threads at any time. */
const kept = 10;
const dayMs = 86_400_000;

/**
 * The folder that holds a program of the house at `root`, with its threads, as few files; made unless it has been since
 * sources or dependencies changed. Processes that make it at the same time do not disturb each other: it appears whole,
 * by a rename.
 * @throws Error where it cannot be made or written.
 */
export async function bundle(program: string, root: string): Promise<string> {
  const builds = path.join(root, 'node_modules/.cache/programs', nameOf(program, root));
  const folder = path.join(builds, stateOfSources(root));
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    await write(program, root, draft);
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw cause;
  }
  removeOld(builds);
  return folder;
}

/** `apps-monitor-src-program` of `apps/monitor/src/program.ts`. */
function nameOf(program: string, root: string): string {
  return path.relative(root, program).replace(/\.ts$/, '').replaceAll(path.sep, '-');
}

/** Another text when any file is another. */
function stateOfSources(root: string): string {
  const hash = createHash('sha256');
  for (const file of globSync(sources, { cwd: root }).sort()) {
    if (file.endsWith('.test.ts')) continue;
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function write(program: string, root: string, folder: string): Promise<void> {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: program,
    external,
    platform: 'node',
    plugins: [staysInPlace(root, folder)],
    logLevel: 'silent',
  });
  await build.write({
    dir: folder,
    format: 'esm',
    // Else Node keeps each source twice while it finds out what it is.
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    // Names stay, for stack traces.
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
  });
  await build.close();
}

function removeOld(builds: string): void {
  const found = readdirSync(builds).map((name) => {
    const folder = path.join(builds, name);
    // What another process is making may just have got its name.
    const made = statSync(folder, { throwIfNoEntry: false });
    return { folder, age: made ? Date.now() - made.mtimeMs : 0 };
  });
  for (const { folder, age } of found.sort((a, b) => a.age - b.age).slice(kept))
    if (age > dayMs) rmSync(folder, { recursive: true, force: true });
}
