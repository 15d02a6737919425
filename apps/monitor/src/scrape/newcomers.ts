import type { Clock } from '@paddlewatch/model';

/** So many first pages of a hundred series keep the thread from its duties for 20 ms. */
const mostUnderWay = 8;
/** Who has not answered by then is slow to answer, which costs this program nothing. */
const patienceMs = 20;

/**
 * Lets first scrapes in a few at a time. The first page of a target takes ten times what the next ones take, because all
 * of its series are new: where a thousand targets come at once, those that are known already must not wait behind them.
 */
export class Newcomers {
  readonly #clock: Clock;
  readonly #waiting: (() => Promise<void>)[] = [];
  #underWay = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins `scrape` when its turn has come, which mostly is at once. It must not fail. */
  admit(scrape: () => Promise<void>): void {
    if (this.#underWay < mostUnderWay) this.#begin(scrape);
    else this.#waiting.push(scrape);
  }

  #begin(scrape: () => Promise<void>): void {
    this.#underWay++;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(patienceMs, resolve);
    void scrape().then(resolve);
    void promise.then(() => {
      cancel();
      this.#underWay--;
      const next = this.#waiting.shift();
      if (next) this.#begin(next);
    });
  }
}
