import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Who may import whom, from docs/architecture.md: each room and the rooms whose index it may open. */
export const house: Readonly<Record<string, readonly string[]>> = {
  'libs/model': [],
  'libs/config': ['model'],
  'libs/launch': [],
  'libs/paddle': [],
  'libs/exposition': ['model'],
  'libs/metrics': ['model'],
  'libs/promql': ['model'],
  'libs/tsdb': ['model'],
  'libs/template': ['model'],
  'apps/web': [],
  'apps/serving': ['metrics', 'paddle'],
  'apps/alerting': ['config', 'metrics', 'model', 'template'],
  'apps/monitor': ['config', 'exposition', 'launch', 'metrics', 'model', 'promql', 'template', 'tsdb'],
  'apps/paddlewatch': [
    'alerting',
    'config',
    'exposition',
    'launch',
    'metrics',
    'model',
    'monitor',
    'promql',
    'serving',
    'tsdb',
    'web',
  ],
  conformance: ['exposition', 'model', 'promql', 'tsdb'],
};

/**
 * Every import that the table does not allow, as `file:line: what is so`. What a package's `exports` do not name is
 * private already: neither Node nor the type check finds it.
 */
export function violations(root: string): string[] {
  const found: string[] = [];
  for (const [room, allowed] of Object.entries(house)) {
    for (const file of globSync(`${room}/**/*.{ts,tsx}`, {
      cwd: root,
      exclude: ['**/node_modules/**', '**/dist/**'],
    })) {
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const { specifier, line } of imports(text)) {
        const fault = judge(room, allowed, file, specifier);
        if (fault) found.push(`${file}:${line}: ${fault}`);
      }
    }
  }
  return found.sort();
}

function judge(
  room: string,
  allowed: readonly string[],
  file: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith('.')) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const inside =
      target.startsWith(`${room}/`) || (target.startsWith('examples/') && /\.test\.tsx?$/.test(file));
    return inside
      ? undefined
      : `cannot import ${specifier}: it leaves ${room} by a side door; import the package`;
  }
  const other = /^@paddlewatch\/([^/]+)/.exec(specifier)?.[1];
  if (other === undefined || other === path.posix.basename(room) || allowed.includes(other)) return undefined;
  return `cannot import ${specifier}: ${room} may import only ${allowed.join(', ') || 'itself'}`;
}

/** Import and export specifiers with their line, static and dynamic. */
function* imports(text: string): Generator<{ specifier: string; line: number }> {
  for (const match of text.matchAll(/(?:^|[\n;}\s])(?:import|from)\s*\(?\s*(['"])([^'"\n]+)\1/g)) {
    yield { specifier: match[2]!, line: text.slice(0, match.index + match[0].length).split('\n').length };
  }
}
