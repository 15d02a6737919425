import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { tsdbCommand } from './commands/tsdb/tsdb.ts';

const dataFolder = path.resolve(import.meta.dirname, '../../../data');

const program = new Command('paddlewatch')
  .description('Eyes and an alarm for Paddle inference services.')
  .showHelpAfterError();

program
  .command('start', { isDefault: true })
  .description(
    'run everything against the example models with live traffic, or with --config against your own services',
  )
  .option('--config <file>', 'paddlewatch.yml or prometheus.yml: watch these services instead of the example')
  .option(
    '--alertmanager-config <file>',
    'alertmanager.yml: Paddlewatch takes the place of the Alertmanagers that prometheus.yml names',
  )
  .option('--data <folder>', 'where metrics, alert state and history are kept', dataFolder)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port of the page and the APIs', port, 9090)
  .option('--enable-admin-api', 'allow deletion of series and snapshots over HTTP', false)
  .option('--serving-port <number>', 'port of the example inference server', port, 8080)
  .option('--rate <number>', 'example requests a second', positive, 40)
  .option('--drill <name>', 'slow or errors: break v2 of the example and watch the alert come and go')
  .option(
    '--hurry <factor>',
    "divide the durations in the example's rules by this, so that a drill ends sooner",
    positive,
    1,
  )
  .action(async (options) => {
    const { start } = await import('./commands/start.ts');
    await start({ ...options, data: path.resolve(options.data) }, untilSignal(), onHangUp);
  });

const config = program.command('config').description('work with configuration');
config
  .command('show <file>')
  .description('print the prometheus.yml and alertmanager.yml that a paddlewatch.yml stands for')
  .option('--origin <url>', 'where Paddlewatch listens', 'http://127.0.0.1:9090')
  .action(async (file, { origin }) => {
    const { expandFile } = await import('./config/files.ts');
    const { prometheus, alertmanager } = await expandFile(file, origin);
    console.log(`# prometheus.yml\n${prometheus}\n---\n# alertmanager.yml\n${alertmanager}`);
  });

program.addCommand(tsdbCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(`paddlewatch: ${(error as Error).message}`);
  process.exitCode = 1;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('not a port, 0 to 65535.');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('not a positive number.');
  return value;
}

/** Aborts at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function untilSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () =>
      stop.signal.aborted ? process.exit(130) : stop.abort(new Error(`stopped by ${name}`)),
    );
  }
  return stop.signal;
}

function onHangUp(reload: () => void): void {
  process.on('SIGHUP', reload);
}
