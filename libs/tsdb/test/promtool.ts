import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The tool: `PROMTOOL` names another one than that of the system. */
const program = process.env.PROMTOOL ?? 'promtool';

/** Why tests against the real tool are skipped, or false. */
export const noPromtool =
  spawnSync(program, ['--version']).status === 0
    ? false
    : `${program} is not installed (Debian: apt install prometheus)`;

/** What the tool prints. @throws where it fails. */
export function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`promtool ${args.join(' ')} failed: ${stderr}${stdout}`);
  return stdout;
}

/** Makes blocks of an OpenMetrics text in `dir`; returns their folders, oldest first. */
export function blocksFrom(dir: string, text: string): string[] {
  const input = path.join(dir, 'input.om');
  fs.writeFileSync(input, text);
  promtool('tsdb', 'create-blocks-from', 'openmetrics', input, dir);
  fs.rmSync(input);
  const folders = fs.readdirSync(dir).filter((name) => fs.existsSync(path.join(dir, name, 'meta.json')));
  return folders.sort().map((name) => path.join(dir, name));
}

/** Every sample of a database as the tool sees it: one line each, in a fixed order. */
export function dump(dir: string): string[] {
  // It will not read a folder without a log.
  fs.mkdirSync(path.join(dir, 'wal'), { recursive: true });
  return promtool('tsdb', 'dump', dir).split('\n').filter(Boolean).sort();
}
