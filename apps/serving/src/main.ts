import { Command, InvalidArgumentError } from 'commander';
import { fastify } from 'fastify';
import { type ServingOptions, startServing } from './app.ts';
import type { ModelSource } from './infer/protocol.ts';

interface Flags extends Omit<ServingOptions, 'models'> {
  readonly model: ModelSource[];
  readonly host: string;
  readonly port: number;
}

const flags = new Command('serving')
  .description('Serve Paddle models: POST /infer, GET /health, GET /metrics')
  .requiredOption('--model <name:version=path>', 'a model version; may be repeated', addModel, [])
  .option('--host <address>', 'address to listen on', '0.0.0.0')
  .option('--port <number>', 'port to listen on', wholeNumber, 8080)
  .option('--workers <number>', 'inference threads', wholeNumber)
  .option('--max-batch <rows>', 'rows in one run', wholeNumber)
  .option('--max-wait-ms <ms>', 'how long a batch waits for company', wholeNumber)
  .option('--queue-capacity <requests>', 'requests that may wait for each version', wholeNumber)
  .option('--timeout-ms <ms>', 'from arrival to answer', wholeNumber)
  .option('--body-limit <bytes>', 'size of a request body', wholeNumber)
  .option('--no-metrics', 'measure nothing')
  .parse()
  .opts<Flags>();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

try {
  await serve(flags, stop.signal);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function serve({ model: models, host, port, ...options }: Flags, signal: AbortSignal): Promise<void> {
  const serving = await startServing({ models, ...options });
  const app = fastify();
  await app.register(serving.routes);
  console.log(
    `serving ${models.map(({ name, version }) => `${name} ${version}`).join(', ')} on ${await app.listen({ host, port })}`,
  );
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', resolve, { once: true });
  });
  await serving.stop();
  await app.close();
}

function addModel(text: string, before: ModelSource[]): ModelSource[] {
  const [, name, version, path] = /^([^:=]+):([^:=]+)=(.+)$/.exec(text) ?? [];
  if (!name || !version || !path) throw new InvalidArgumentError('it must be name:version=path');
  return [...before, { name, version, path }];
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it must be a whole number');
  return Number(text);
}
