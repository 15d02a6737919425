import { spawnSync } from 'node:child_process';

/** The language as Prometheus 2 speaks it, or as 3 and we do. */
export type Language = '2' | '3';

/** A Prometheus program to compare with. */
export interface Peer {
  readonly program: string;
  /** As `2.42.0`. */
  readonly version: string;
  readonly language: Language;
}

/** The Prometheus of a path, or of that name on the PATH; a line that says why there is none. */
export function findPeer(program = process.env['PROMETHEUS'] ?? 'prometheus'): Peer | string {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return `skipped: ${program} is not installed`;
  const version = /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined)
    throw new Error(
      `cannot compare with ${program}: it does not say its version; build it with -ldflags "-X github.com/prometheus/common/version.Version=3.14.0"`,
    );
  return { program, version, language: version.startsWith('2.') ? '2' : '3' };
}

const flags = ['--storage.tsdb.retention.time=100y', '--web.enable-remote-write-receiver'];

/** What our engine has without being asked. Duration expressions 3.14 has too. */
const ourFeatures = [
  'promql-experimental-functions',
  'promql-extended-range-selectors',
  'promql-binop-fill-modifiers',
  'use-start-timestamps',
];

/** @param delayedNames drop metric names when the query ends. */
export function flagsOf({ language }: Peer, delayedNames: boolean): string[] {
  if (language === '2') return flags;
  const features = delayedNames ? [...ourFeatures, 'promql-delayed-name-removal'] : ourFeatures;
  return [...flags, `--enable-feature=${features.join(',')}`];
}
