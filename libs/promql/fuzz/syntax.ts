import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Expr, exprToJson, formatExpr, PromqlError, parseQuery, parseScript } from '../src/index.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

/** How a run of mutated texts went. */
export interface SyntaxReport {
  readonly texts: number;
  readonly accepted: number;
  readonly refused: number;
  /** The longest time that one text took, ms. */
  readonly slowest: number;
}

/**
 * Parses mutated query texts. Each must be refused with a PromqlError or be accepted, and then keep its meaning when
 * it is formatted and parsed again. @throws naming the text where one does neither.
 */
export function fuzzSyntax(texts: number, seed: number): SyntaxReport {
  const random = new Random(seed);
  const seeds = seedQueries();
  let accepted = 0;
  let slowest = 0;
  for (let i = 0; i < texts; i++) {
    const text = mutate(random.pick(seeds), seeds, random);
    const before = performance.now();
    if (survives(text)) accepted++;
    slowest = Math.max(slowest, performance.now() - before);
  }
  return { texts, accepted, refused: texts - accepted, slowest };
}

/** The queries of this package's own scripts. */
export function seedQueries(): string[] {
  const folder = path.join(import.meta.dirname, '../testdata');
  return readdirSync(folder).flatMap((name) =>
    parseScript(readFileSync(path.join(folder, name), 'utf8')).flatMap((command) =>
      command.kind === 'eval' ? [command.query] : [],
    ),
  );
}

function survives(text: string): boolean {
  let expr: Expr;
  try {
    expr = parseQuery(text);
  } catch (error) {
    if (error instanceof PromqlError) return false;
    throw new Error(`parsing ${JSON.stringify(text)} broke`, { cause: error });
  }
  const formatted = formatExpr(expr);
  let again: Expr;
  try {
    // Prometheus writes `+Inf`, whose sign binds less than a power.
    again = parseQuery(formatted.replaceAll('+Inf', 'Inf'));
  } catch (error) {
    throw new Error(
      `${JSON.stringify(text)} is formatted as ${JSON.stringify(formatted)}, which is refused`,
      {
        cause: error,
      },
    );
  }
  if (formatExpr(again) !== formatted || meaning(again) !== meaning(expr))
    throw new Error(`${JSON.stringify(text)} changes when formatted as ${JSON.stringify(formatted)}`);
  return true;
}

/** The tree; neither the order of matchers nor the sign of a duration of nothing, which formatting changes, matters. */
function meaning(expr: Expr): string {
  return JSON.stringify(exprToJson(expr), (key, value) =>
    key === 'matchers'
      ? value.map((matcher: unknown) => JSON.stringify(matcher)).sort()
      : value === '-0'
        ? '0'
        : value,
  );
}

if (process.argv[1] === import.meta.filename) {
  const texts = Number(process.argv[2] ?? 1_000_000);
  const seed = Number(process.argv[3] ?? 1);
  const { accepted, refused, slowest } = fuzzSyntax(texts, seed);
  console.log(
    `${texts} texts from seed ${seed}: ${accepted} accepted, ${refused} refused, slowest ${slowest.toFixed(1)} ms`,
  );
}
