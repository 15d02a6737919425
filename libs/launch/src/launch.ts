import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

export interface LaunchOptions {
  /** For Node, such as `--max-semi-space-size=4`. */
  readonly nodeFlags?: readonly string[];
  /** What the environment gets where it does not say otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Runs a program in this process's place, bundled, and with what only the beginning of a process can be given. Where that
 * cannot be, it runs here and from its sources; also when `PADDLEWATCH_BUNDLE` is `off`, for debuggers. Call it before
 * anything large is imported ([why](../../../docs/decisions/launch.md)).
 */
export async function launch(program: URL, options: LaunchOptions = {}): Promise<void> {
  const folder = await folderOf(fileURLToPath(program));
  if (folder === undefined) await import(program.href);
  else begin(path.join(folder, `${path.basename(program.pathname, '.ts')}.mjs`), folder, options);
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

function begin(script: string, folder: string, { nodeFlags = [], environment = {} }: LaunchOptions): void {
  const { execPath, execArgv, argv, env } = process;
  // Compiled code is kept beside its source and goes with it.
  const compiled = { NODE_COMPILE_CACHE: path.join(folder, 'compiled') };
  process.execve!(execPath, [execPath, ...nodeFlags, ...execArgv, script, ...argv.slice(2)], {
    ...environment,
    ...env,
    ...compiled,
  });
}
