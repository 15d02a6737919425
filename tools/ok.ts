import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { violations } from './boundaries.ts';

/** Lint, format, types and import boundaries: everything that can be told without running the product. */
const root = path.dirname(import.meta.dirname);
const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);

const checks: [name: string, passes: () => boolean][] = [
  ['lint and format', () => run(bin('biome'), 'check', '--error-on-warnings', '.')],
  ['types', () => run(bin('tsc'), '-p', '.')],
  ['types of the page', () => run(bin('tsc'), '-p', 'apps/web')],
  ['import boundaries', boundaries],
];

const failed = checks.filter(([, passes]) => !passes()).map(([name]) => name);
console.log(failed.length === 0 ? 'ok' : `not ok: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function boundaries(): boolean {
  const faults = violations(root);
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}
