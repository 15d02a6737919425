import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseOpenMetrics } from '@paddlewatch/exposition';

export interface ParserCase {
  readonly name: string;
  readonly shouldParse: boolean;
  readonly page: string;
}

/** Cases of the OpenMetrics suite in a folder: one folder each, with `metrics` and `test.json`. */
export function parserCases(folder: string): ParserCase[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const verdict: { file: string; shouldParse: boolean } = JSON.parse(
        readFileSync(path.join(folder, name, 'test.json'), 'utf8'),
      );
      const page = readFileSync(path.join(folder, name, verdict.file), 'utf8');
      return { name, shouldParse: verdict.shouldParse, page };
    });
}

/** What the parser says against the verdict, in words; undefined where they agree. */
export function judge({ name, shouldParse, page }: ParserCase): string | undefined {
  try {
    parseOpenMetrics(page);
    return shouldParse ? undefined : `${name}: parsed, and should not`;
  } catch (error) {
    return shouldParse ? `${name}: ${(error as Error).message}` : undefined;
  }
}

function main(folder: string): void {
  const cases = parserCases(folder);
  const failures = cases.flatMap((one) => judge(one) ?? []);
  for (const failure of failures) console.log(`failed ${failure}`);
  console.log(`openmetrics: ${cases.length - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (import.meta.main) main(process.argv[2] ?? '../shared/conformance/openmetrics');
