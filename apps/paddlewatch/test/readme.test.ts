import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { outputOf, startProduct } from './product.ts';

/** Every command that the READMEs show is run here, on free ports and in a folder of its own. */
const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'paddlewatch-readme-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const english = readFileSync(path.join(root, 'README.md'), 'utf8');
const chinese = readFileSync(path.join(root, 'README.zh-CN.md'), 'utf8');

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block]) => block!);
}
const commandsOf = (text: string) => blocks(text, 'sh').flatMap((block) => block.trim().split('\n'));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}
const shortConfig = write('paddlewatch.yml', blocks(english, 'yaml')[0]!);
write('prometheus.yml', 'scrape_configs: [{job_name: self, static_configs: [{targets: ["127.0.0.1:9"]}]}]\n');
write('alertmanager.yml', 'route: {receiver: none}\nreceivers: [{name: none}]\n');

async function startsAndStops(...args: string[]): Promise<void> {
  const product = await startProduct(args);
  assert.equal((await fetch(product.page)).status, 200);
  assert.equal(await product.stop(), 0);
}

/** Runs a command as it is written, but on a free port and with the files of this test. */
async function standsAlone(command: string): Promise<void> {
  const line = command
    .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:0')
    .replace(/=(\w+\.yml)/, `=${folder}/$1`)
    .replace('=data', `=${path.join(folder, 'alone')}`);
  const [program, ...args] = line.split(' ');
  const child = spawn(path.join(root, program!), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const address = (await outputOf(child).find(/listening on.*?(127\.0\.0\.1:\d+)/i, 30_000))[1]!;
  assert.equal((await fetch(`http://${address}/-/ready`)).status, 200);
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
}

const monitorAlone = commandsOf(english).find((command) => command.includes('apps/monitor'))!;
const alertingAlone = commandsOf(english).find((command) => command.includes('apps/alerting'))!;

/** How each command is held to its word; `true` where another test or this run itself does it. */
const plays: Record<string, true | (() => Promise<void>)> = {
  'npm test': true,
  'npm start -- --drill slow --hurry 20': true,
  'npm start': () => startsAndStops(),
  'npm start -- --config paddlewatch.yml': () => startsAndStops('--config', shortConfig),
  'npm run -s paddlewatch -- config show paddlewatch.yml': async () => {
    // A file is named from where the user stands.
    const argv = ['--prefix', root, 'run', '-s', 'paddlewatch', '--', 'config', 'show', 'paddlewatch.yml'];
    const child = spawn('npm', argv, { cwd: folder });
    await outputOf(child).find(/secret: SEC/, 30_000);
  },
  [monitorAlone]: () => standsAlone(monitorAlone),
  [alertingAlone]: () => standsAlone(alertingAlone),
};

test('both languages show the same commands, and each is accounted for', () => {
  assert.deepEqual(commandsOf(chinese), commandsOf(english));
  assert.deepEqual(new Set(commandsOf(english)), new Set(Object.keys(plays)));
  assert.deepEqual(blocks(chinese, 'yaml'), blocks(english, 'yaml'));
});

for (const [command, play] of Object.entries(plays)) {
  if (play !== true) test(command, play);
}
