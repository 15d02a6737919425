import { type PageFormat, type ProtobufPage, readProtobuf } from '@paddlewatch/exposition';
import type { Clock } from '@paddlewatch/model';
import type { JobConfig } from '../config/inherit.ts';
import type { HttpClient } from '../http/client.ts';
import type { Agenda } from './agenda.ts';
import type { CommitGroup } from './commit-group.ts';
import type { ScrapeMetrics } from './metrics.ts';
import type { Newcomers } from './newcomers.ts';
import { endVanished, ingestPage, meetSeries, type PageCounts } from './page-ingest.ts';
import { acceptHeader, pageFormat } from './protocol.ts';
import { type Report, ReportSeries } from './report.ts';
import { ScrapeError } from './scrape-error.ts';
import { SeriesCache } from './series-cache.ts';
import { scrapeOffset, type Target } from './target.ts';

/** Timers fire a little late: within this of the grid (or a hundredth of the interval) samples are put on the grid. */
const alignmentMs = 2;

/** For so long the storage surely keeps a series that gets no samples: it cuts two hours when it spans three. */
const keptMs = 3_600_000;

/** Bytes from which a page of a target that is not known yet is taken in slices. */
const largePage = 128 * 1024;

export interface LoopContext {
  readonly job: JobConfig;
  readonly client: HttpClient;
  readonly commits: CommitGroup;
  readonly metrics: ScrapeMetrics;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly newcomers: Newcomers;
  /** What `User-Agent` says. */
  readonly userAgent: string;
}

export interface LastScrape {
  /** Milliseconds. */
  readonly at: number;
  readonly seconds: number;
  readonly error: string;
}

/** Scrapes one target on a grid of times that its key decides, until it is retired or stopped. */
export class ScrapeLoop {
  readonly target: Target;
  last: LastScrape | undefined;
  /** A fault of the whole pool: the target is not asked, and is down. */
  forcedError: string | undefined;
  readonly cache = new SeriesCache();
  readonly #context: LoopContext;
  readonly #report: ReportSeries;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #offset: number;
  /** Of the open page, where it is one of protobuf. */
  #extras: ProtobufPage['extras'] | undefined;
  #stopped = false;
  #cancelNext = () => {};
  #lastTime = Number.NaN;

  constructor(target: Target, context: LoopContext) {
    this.target = target;
    this.#context = context;
    this.#offset = scrapeOffset(target);
    this.#report = new ReportSeries(target.labels);
    this.#headers = {
      accept: acceptHeader(context.job),
      'accept-encoding': context.job.enable_compression ? 'gzip' : 'identity',
      'user-agent': context.userAgent,
      'x-prometheus-scrape-timeout-seconds': String(target.timeoutMs / 1000),
    };
  }

  start(): void {
    const { agenda, clock, newcomers } = this.#context;
    const first = this.#nextTime(clock.now());
    this.#cancelNext = agenda.at(first, () => newcomers.admit(() => this.#scrape(first)));
  }

  /**
   * Ends the loop and leaves its series as they are: the program ends, or another loop goes on with them. A scrape that
   * is under way ends with its client or its timeout, and nobody looks at it.
   */
  stop(): void {
    this.#cancelNext();
    this.#stopped = true;
  }

  /**
   * Ends the loop because its target is gone. Its series end after two more intervals and a bit, with the time of the
   * scrape that did not come: if a new loop has taken them over by then, they have newer samples and do not end.
   */
  retire(): void {
    this.stop();
    if (Number.isNaN(this.#lastTime)) return;
    const { intervalMs } = this.target;
    const { agenda, clock } = this.#context;
    const due = Math.max(clock.now(), this.#lastTime + 2.1 * intervalMs);
    this.#cancelNext = agenda.at(due, () => this.#end(this.#lastTime + intervalMs));
  }

  #schedule(after: number): void {
    const next = this.#nextTime(after);
    this.#cancelNext = this.#context.agenda.at(next, () => this.#scrape(next));
  }

  #nextTime(after: number): number {
    const { intervalMs } = this.target;
    return (Math.floor((after - this.#offset) / intervalMs) + 1) * intervalMs + this.#offset;
  }

  async #scrape(due: number): Promise<void> {
    if (this.#stopped) return;
    const { clock } = this.#context;
    const now = clock.now();
    const tolerance = Math.min(alignmentMs, this.target.intervalMs / 100);
    const time = Math.abs(now - due) <= tolerance ? due : now;
    // A reference to a series that was dropped would lose its sample.
    if (time - this.#lastTime >= keptMs) this.#forget();
    const began = performance.now();
    let fetched: number | Error;
    try {
      fetched = await this.#fetch();
    } catch (error) {
      fetched = error as Error;
    }
    if (this.#stopped) return;
    this.#store(fetched, time, began);
    this.#lastTime = time;
    // A scrape that outlasts its interval skips the times it missed: two of a target never run at once. A timer may ring
    // a moment early, but a clock that was set back does not stop the scrapes until it is where it was.
    const end = clock.now();
    this.#schedule(end < due && due - end < this.target.intervalMs ? due : end);
  }

  /** Opens the target's page in the cache; gives the number of series that were added on the way. */
  async #fetch(): Promise<number> {
    if (this.forcedError) throw new ScrapeError(this.forcedError);
    const { client, commits, job } = this.#context;
    const { status, statusText, headers, body } = await client.request(this.target.url, {
      headers: this.#headers,
      timeoutMs: this.target.timeoutMs,
      maxBytes: job.body_size_limit,
      memory: this.cache.spare,
    });
    if (status !== 200)
      throw new ScrapeError(`server returned HTTP status ${status} ${statusText}`.trimEnd());
    this.#open(body, pageFormat(headers['content-type'], job.fallback_scrape_protocol));
    const inSlices = this.cache.size === 0 && body.length >= largePage;
    return inSlices ? meetSeries(this.cache, commits.appender, this.target.labels, job) : 0;
  }

  #open(body: Buffer, format: PageFormat): void {
    this.#extras = undefined;
    if (format !== 'protobuf') {
      this.cache.open(body, format);
      return;
    }
    const { text, extras } = readProtobuf(body, this.target);
    this.cache.open(text, format);
    this.#extras = extras;
  }

  /** Hands over the page that is open, or the fact that there is none, to be stored. */
  #store(fetched: number | Error, time: number, began: number): void {
    const { commits, job } = this.#context;
    const { appender } = commits;
    appender.begin();
    const duration = (performance.now() - began) / 1000;
    let failure: Error | undefined;
    let counts: PageCounts = { scraped: 0, kept: 0, added: 0 };
    try {
      if (fetched instanceof Error) throw fetched;
      counts = ingestPage(this.cache, appender, this.target.labels, job, time, this.#extras);
      counts.added += fetched;
      this.cache.close();
    } catch (error) {
      failure = error as Error;
      appender.undo();
      this.cache.abandon();
      endVanished(this.cache, appender, time);
      this.cache.forget();
    }
    const seconds = (performance.now() - began) / 1000;
    const outcome = (error: Error | undefined) => this.#note(error, time, seconds);
    try {
      this.#report.append(appender, time, reportOf(failure ? 0 : 1, duration, counts));
    } catch (error) {
      appender.undo();
      this.#forget();
      outcome(error as Error);
      return;
    }
    commits.add({ onCommit: (fault) => outcome(fault ?? failure), forget: () => this.#forget() });
  }

  #note(error: Error | undefined, at: number, seconds: number): void {
    const { job, metrics } = this.#context;
    this.last = { at, seconds, error: error?.message ?? '' };
    metrics.scrapes.with(job.job_name, error ? 'failed' : 'ok').inc();
  }

  #forget(): void {
    this.cache.forget();
    this.#report.forget();
  }

  /** Writes the end of all series of the target. Nobody waits for it: where the storage refuses, there is no end. */
  #end(time: number): void {
    const { commits } = this.#context;
    commits.appender.begin();
    try {
      this.cache.abandon();
      endVanished(this.cache, commits.appender, time);
      this.#report.appendStale(commits.appender, time);
    } catch {
      commits.appender.undo();
      return;
    } finally {
      this.#forget();
    }
    commits.add({ onCommit() {}, forget() {} });
  }
}

function reportOf(up: 0 | 1, seconds: number, counts: PageCounts): Report {
  return {
    up,
    scrape_duration_seconds: seconds,
    scrape_samples_scraped: counts.scraped,
    scrape_samples_post_metric_relabeling: counts.kept,
    scrape_series_added: counts.added,
  };
}
