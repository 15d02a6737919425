import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { makeFolder } from '@paddlewatch/tsdb';
import { type DrillName, drills, runDrill } from '../example/drill.ts';
import { type Example, openExample } from '../example/example.ts';
import { startUp, type Up } from '../up.ts';

export interface StartOptions {
  readonly config?: string;
  readonly alertmanagerConfig?: string;
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly enableAdminApi: boolean;
  readonly servingPort: number;
  readonly rate: number;
  readonly drill?: string;
  readonly hurry: number;
}

/** Runs until the signal: the user's services, or the example with its traffic and, where asked for, a drill. */
export async function start(
  options: StartOptions,
  signal: AbortSignal,
  onHangUp: (reload: () => void) => void,
): Promise<void> {
  const drill = drillNamed(options);
  await prepareFolder(options.data);
  const example = options.config === undefined ? await openExample(options, say) : undefined;
  let up: Up | undefined;
  try {
    up = await startUp({ ...options, config: options.config ?? example!.config });
    onHangUp(() => void reload(up!));
    say(greeting(up, example));
    if (drill && example)
      await ignoringStop(runDrill(drill, example.patient, example.inbox, say, signal), signal);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    if (up) say('stopping');
    await example?.stopTraffic();
    await up?.stop();
    await example?.close();
  }
}

/** Asked before anything starts, so that the answer names the flag. */
async function prepareFolder(data: string): Promise<void> {
  try {
    makeFolder(data);
    await access(data, constants.W_OK);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`cannot keep data in ${data}: ${message}; choose another folder with --data`, {
      cause: error,
    });
  }
}

function drillNamed({ config, drill, hurry }: StartOptions): DrillName | undefined {
  if (drill === undefined && hurry === 1) return undefined;
  if (config !== undefined)
    throw new Error('cannot drill with --config: drills break the example models, not your services');
  if (drill === undefined) return undefined;
  if (!Object.hasOwn(drills, drill))
    throw new Error(`cannot drill "${drill}": choose ${Object.keys(drills).join(' or ')}`);
  return drill as DrillName;
}

function greeting(up: Up, example: Example | undefined): string {
  const lines = [
    '',
    `  Page           ${up.url}`,
    `  Prometheus API ${up.url}/api/v1`,
    `  Alerts API     ${up.url}/api/v2`,
  ];
  if (example) lines.push(`  Inference      ${example.servingUrl}/infer`, '', ...example.notes);
  return [...lines, '', 'Ctrl-C ends everything.'].join('\n');
}

/** What is wrong with a new configuration is logged where it is found, whoever asked for it. */
async function reload(up: Up): Promise<void> {
  await up.reload().then(
    () => say('configuration reloaded'),
    () => undefined,
  );
}

async function ignoringStop(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function say(line: string): void {
  console.log(line);
}
