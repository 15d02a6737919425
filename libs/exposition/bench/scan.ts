// Reading a page, by itself: line by line, with the labels of every series, and beside a page that is known.
//   node libs/exposition/bench/scan.ts [--lines 1000]
import { parseArgs } from 'node:util';
import { PageScanner, parseOpenMetrics } from '../src/index.ts';

const { values: flags } = parseArgs({ options: { lines: { type: 'string', default: '1000' } } });
const lines = Number(flags.lines);
/** Lines to measure each way of reading with. */
const enough = 2_000_000;

const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
const text = Array.from({ length: lines }, (_, i) => {
  const labels = `endpoint="/v1/predict",status="200",worker="${Math.floor(i / 12)}",model="ocr",version="1.4.0"`;
  return `request_duration_seconds_bucket{${labels},le="${bounds[i % 12]}"} ${(i * 7919) % 100_000}\n`;
}).join('');
const page = Buffer.from(text);
const strict = `# TYPE request_duration_seconds unknown\n${text}# EOF\n`;
const scanner = new PageScanner();

measure('lines', () => {
  scanner.open(page, 'text');
  while (scanner.next() === 'series');
});
measure('lines and their labels', () => {
  scanner.open(page, 'text');
  while (scanner.next() === 'series') scanner.pairs();
});

const known = new PageScanner();
const starts: number[] = [];
const ends: number[] = [];
known.open(page, 'text');
while (known.next() === 'series') {
  starts.push(known.seriesStart);
  ends.push(known.seriesEnd);
}
measure('beside a known page', () => {
  scanner.open(page, 'text');
  for (let i = 0; i < lines; i++) {
    if (!scanner.takeSeries(known.view, starts[i]!, ends[i]!)) throw new Error(`line ${i + 1} is not known`);
  }
});
measure('strict OpenMetrics', () => void parseOpenMetrics(strict), enough / 20);

function measure(name: string, read: () => void, count = enough): void {
  for (let done = 0; done < count / 4; done += lines) read();
  const before = process.cpuUsage();
  let done = 0;
  for (; done < count; done += lines) read();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const megabytes = (page.length * (done / lines)) / 1e6;
  console.log(
    `${name.padEnd(24)} ${((seconds / done) * 1e6).toFixed(3).padStart(8)} CPU µs a line ${(megabytes / seconds).toFixed(0).padStart(6)} MB/s`,
  );
}
