import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const room = import.meta.dirname;
const dist = path.join(room, 'dist');
const dayMs = 86_400_000;

/** Paths at which a server answers with `index.html`; `/graph` is where Prometheus' alerts link to. */
export const pagePaths: readonly string[] = ['/', '/targets', '/alerts', '/history', '/explore', '/graph'];

/**
 * The folder that holds the built page, `dist/<hash of the sources>`; built only when no such folder is there yet.
 * Processes that build at the same time do not disturb each other: the folder appears whole, by a rename.
 * @throws Error with Vite's own words when the sources do not build.
 */
export async function ensureBuilt(): Promise<string> {
  const folder = path.join(dist, hashOfSources());
  if (existsSync(path.join(folder, 'index.html'))) return folder;
  removeOldBuilds();
  mkdirSync(dist, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  await runVite(draft);
  try {
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(path.join(folder, 'index.html'))) throw cause;
  }
  return folder;
}

/** Dependencies are pinned exactly in package.json, so its text stands for their code. */
function hashOfSources(): string {
  const files = globSync(['src/**/*', 'public/**/*', 'index.html', 'package.json', 'vite.config.ts'], {
    cwd: room,
  });
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const full = path.join(room, file);
    if (/\.test\.ts$/.test(file) || !statSync(full).isFile()) continue;
    hash.update(`${file}\0`).update(readFileSync(full)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** Vite runs in its own process: it sets NODE_ENV, and its memory goes when it is done. */
function runVite(outDir: string): Promise<void> {
  const vite = path.join(
    path.dirname(fileURLToPath(import.meta.resolve('vite/package.json'))),
    'bin/vite.js',
  );
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  const env = { ...process.env, NODE_ENV: 'production' };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: room, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      rmSync(outDir, { recursive: true, force: true });
      reject(new Error(`cannot build the page: vite ended with ${code}\n${said.trim()}`));
    });
  });
}

/** A server that is still running may serve yesterday's build; older ones nobody needs. */
function removeOldBuilds(): void {
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist)) {
    const build = path.join(dist, name);
    if (Date.now() - statSync(build).mtimeMs > dayMs) rmSync(build, { recursive: true, force: true });
  }
}
