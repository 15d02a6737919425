import { spawnSync } from 'node:child_process';
import path from 'node:path';

/**
 * Runs the tests: all of them, or those under the folders named on the command line.
 * `npm test -- libs/tsdb` runs one room; options that start with `--` go to node's test runner.
 */
const root = path.dirname(import.meta.dirname);
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('--'));
const places = args.filter((arg) => !arg.startsWith('--'));

const everything = ['tools', 'libs', 'apps', 'conformance', 'examples'];
const patterns = (places.length > 0 ? places : everything).map((place) =>
  place.endsWith('.ts') ? place : `${place}/**/*.test.ts`,
);
/** A test that hangs fails after so long, and what does not end after its tests ends them all: both are named. */
const [longestTest, longestRun] = [5 * 60_000, 25 * 60_000];

if (places.length === 0) step(['tools/ok.ts']);
step(['--test', `--test-timeout=${longestTest}`, ...options, ...patterns]);

function step(argv: string[]): void {
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit', timeout: longestRun });
  if (status !== 0) process.exit(status ?? 1);
}
