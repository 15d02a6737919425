import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

const nodeFlags = [
  // Young objects of a thread get 2 × 2 MiB instead of up to 2 × 16. Many hold an array outside of the heap, whose memory
  // is free only when they are collected.
  '--max-semi-space-size=2',
  // Garbage is first looked for when a heap has come to so many MiB, and not when it has come to a hundred.
  '--initial-old-space-size=16',
  // A heap that has been collected grows by half, or by 8 MiB, until it is collected again, not to its fourfold.
  '--heap-growing-percent=50',
  // A function is compiled at its first call, not interpreted until it was called often: questions come seldom, and of many
  // kinds.
  '--always-sparkplug',
];

/** Of the C library of Linux; others do not look at it. */
const environment = {
  // Each thread would take memory from a heap of its own, and no other thread gets what it gives back there.
  MALLOC_ARENA_MAX: '1',
};

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Runs a program in this process's place, bundled, and with what only the beginning of a process can be given. Where that
 * cannot be, it runs here and from its sources; also when `PADDLEWATCH_BUNDLE` is `off`, for debuggers. Call it before
 * anything large is imported ([why](../../../docs/decisions/launch.md)).
 */
export async function launch(program: URL): Promise<void> {
  const folder = await folderOf(fileURLToPath(program));
  if (folder === undefined) await import(program.href);
  else begin(path.join(folder, `${path.basename(program.pathname, '.ts')}.mjs`), folder);
}

async function folderOf(program: string): Promise<string | undefined> {
  // Windows cannot replace a process.
  if (!process.execve || process.env['PADDLEWATCH_BUNDLE'] === 'off') return undefined;
  try {
    return await bundle(program, root);
  } catch (error) {
    console.error(
      `paddlewatch: cannot bundle the program, so it takes more memory: ${(error as Error).message}`,
    );
    return undefined;
  }
}

function begin(script: string, folder: string): void {
  const { execPath, execArgv, argv, env } = process;
  // Compiled code is kept beside its source and goes with it.
  const compiled = { NODE_COMPILE_CACHE: path.join(folder, 'compiled') };
  process.execve!(execPath, [execPath, ...nodeFlags, ...execArgv, script, ...argv.slice(2)], {
    ...environment,
    ...env,
    ...compiled,
  });
}
