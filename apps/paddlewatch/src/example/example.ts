import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startServing } from '@paddlewatch/serving';
import { stringify } from 'yaml';
import { listen } from '../origin.ts';
import type { Patient } from './drill.ts';
import { hurryRules } from './hurry.ts';
import { type Delivery, type Inbox, openInbox } from './inbox.ts';
import { startTraffic } from './traffic.ts';

export interface ExampleOptions {
  /** Folder for the example's configuration. */
  readonly data: string;
  readonly host: string;
  readonly servingPort: number;
  /** Requests a second. */
  readonly rate: number;
  /** Divides the durations in the rules; 1 leaves the rules as they are. */
  readonly hurry: number;
}

/** The digits models in service, somebody who uses them, and somebody who is told of their trouble. */
export interface Example {
  /** A paddlewatch.yml that watches all this. */
  readonly config: string;
  readonly servingUrl: string;
  readonly patient: Patient;
  readonly inbox: Inbox;
  /** What a person should know, line by line. */
  readonly notes: readonly string[];
  stopTraffic(): Promise<void>;
  close(): Promise<void>;
}

const digits = path.resolve(import.meta.dirname, '../../../../examples/digits');
const rulesFolder = path.resolve(import.meta.dirname, '../../rules');
const versions = ['v1', 'v2'];
const robotSecret = 'SEC-of-the-example-robot';

export async function openExample(options: ExampleOptions, say: (line: string) => void): Promise<Example> {
  const { data, host, servingPort, rate, hurry } = options;
  const models = versions.map((version) => ({
    name: 'digits',
    version,
    path: path.join(digits, 'models', version, 'paddle3'),
  }));
  const ends: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const inbox = await openInbox(robotSecret, (delivery) => say(describe(delivery)));
    ends.push(() => inbox.close());
    const origin = await listen(host, servingPort, '--serving-port');
    ends.push(() => origin.close());
    const serving = await startServing({ models });
    ends.push(() => serving.stop());
    await origin.web.register(serving.routes);
    await origin.open();
    const images = await heldOutImages();
    const config = await writeConfig(path.join(data, 'example'), new URL(origin.url).host, inbox.url, hurry);
    // Each version has callers of its own, so that a slow one does not hold back requests to the other.
    const callers = versions.map((version) =>
      startTraffic({
        url: origin.url,
        bodies: images.map((image) =>
          JSON.stringify({ model: 'digits', version, inputs: { image: [image] } }),
        ),
        rate: rate / versions.length,
        inFlight: 64,
      }),
    );
    return {
      config,
      servingUrl: origin.url,
      patient: {
        break: (fault) => serving.injectFault('digits', 'v2', fault),
        mend: () => serving.injectFault('digits', 'v2', undefined),
      },
      inbox,
      notes: notesOn(rate, hurry),
      async stopTraffic() {
        await Promise.all(callers.map((caller) => caller.stop()));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function notesOn(rate: number, hurry: number): string[] {
  return [
    `Two versions of a digit classifier answer ${rate} real images a second.`,
    hurry === 1
      ? "The rules' durations are as in production (5 and 10 minutes); --hurry 20 shortens them for a drill."
      : `Hurried: every duration in the rules is divided by ${hurry}. Not for production.`,
  ];
}

function describe({ at, channel, status, alerts }: Delivery): string {
  return `${at.toTimeString().slice(0, 8)} ${channel} received ${status}: ${alerts.join(', ')}`;
}

/** The scans that the models were not trained on, as `[1, 8, 8]` arrays of grey values. */
async function heldOutImages(): Promise<number[][][][]> {
  const { images } = JSON.parse(await readFile(path.join(digits, 'testdata/held-out.json'), 'utf8')) as {
    images: number[][];
  };
  return images.map((pixels) => [Array.from({ length: 8 }, (_, row) => pixels.slice(8 * row, 8 * row + 8))]);
}

async function writeConfig(folder: string, target: string, inbox: string, hurry: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const rules: string[] = [];
  for (const name of ['paddle-inference-alerts.yaml', 'paddle-service.yml']) {
    const original = path.join(rulesFolder, name);
    const copy = path.join(folder, name);
    if (hurry === 1) {
      rules.push(original);
    } else {
      await writeFile(copy, hurryRules(await readFile(original, 'utf8'), hurry));
      rules.push(copy);
    }
  }
  const config = {
    services: [{ name: 'digits', targets: [target] }],
    scrape_interval: '1s',
    rules,
    notify: [
      { webhook: { url: `${inbox}/webhook` } },
      { dingtalk: { url: `${inbox}/robot/send?access_token=example`, secret: robotSecret } },
    ],
    group_wait: '1s',
    group_interval: '2s',
  };
  const file = path.join(folder, 'paddlewatch.yml');
  await writeFile(file, stringify(config));
  return file;
}
