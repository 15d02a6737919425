import { Command, InvalidArgumentError } from 'commander';

/** `paddlewatch tsdb …`: a database's folder from the outside. */
export function tsdbCommand(): Command {
  const tsdb = new Command('tsdb').description("look into a database's folder, check it, fill it");
  tsdb
    .command('list <folder>')
    .description('print the blocks')
    .action(async (folder) => {
      const { blockTable } = await import('./list.ts');
      process.stdout.write(blockTable(folder));
    });
  tsdb
    .command('analyze <folder> [block]')
    .description('print where the series of a block come from; of the newest one where none is named')
    .option('--limit <number>', 'lines of each list', whole, 20)
    .action(async (folder, block, { limit }) => {
      const { analysis } = await import('./analyze.ts');
      process.stdout.write(analysis(folder, block, limit));
    });
  tsdb
    .command('dump <folder>')
    .description('print every sample: labels, value, time in ms')
    .option('--min-time <ms>', 'oldest time', whole, 0)
    .option('--max-time <ms>', 'newest time', whole, Number.MAX_SAFE_INTEGER)
    .option('--match <selector>', 'series to print', '{__name__=~".+"}')
    .action(async (folder, { minTime, maxTime, match }) => {
      const [{ dump }, { parseSelector }] = await Promise.all([import('./dump.ts'), import('./selector.ts')]);
      await dump({ dir: folder, matchers: parseSelector(match), mint: minTime, maxt: maxTime });
    });
  tsdb
    .command('verify <folder>')
    .description('read every block from end to end; fails where one is damaged')
    .action(async (folder) => {
      const { verify } = await import('./verify.ts');
      if (!verify(folder)) process.exitCode = 1;
    });
  tsdb
    .command('repair <folder>')
    .description(
      'drop what is damaged of a folder that is refused; damaged files are moved aside as *.corrupt',
    )
    .action(async (folder) => {
      const { repair } = await import('./repair.ts');
      await repair(folder, console.log);
    });
  tsdb
    .command('backfill <file> <folder>')
    .description('turn an OpenMetrics file with timestamps into blocks')
    .action(async (file, folder) => {
      const { backfill } = await import('./backfill.ts');
      process.stdout.write(backfill(file, folder));
    });
  return tsdb;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('not a whole number.');
  return value;
}
