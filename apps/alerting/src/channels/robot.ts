import type { Clock } from '@paddlewatch/model';
import { SendError } from './channel.ts';
import { byteLength, cutBytes } from './text-bytes.ts';

/** Who is to be called by name. */
export interface Mention {
  readonly mobiles: readonly string[];
  readonly users: readonly string[];
  readonly all: boolean;
}

export interface RobotMessage {
  readonly title: string;
  readonly text: string;
  readonly mention: Mention;
}

/** Posts one message to the chat. @throws SendError; one with `retryAfter` stops the robot for that long. */
export type RobotPost = (message: RobotMessage, digest: boolean) => Promise<void>;

export interface RobotLimits {
  readonly perMinute: number;
  /** Of a digest's text. */
  readonly maxBytes: number;
}

interface Waiting {
  readonly message: RobotMessage;
  readonly post: RobotPost;
  readonly settle: (error?: unknown) => void;
}

const minute = 60_000;
/** Messages that may wait for their turn; beyond it the sender is told to come again. */
const maxWaiting = 1000;

/** One robot of a chat, which takes so many messages a minute: what comes faster waits and goes out as one digest. */
export class Robot {
  readonly #limits: RobotLimits;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #sentAt: number[] = [];
  #blockedUntil = 0;
  #scheduled = false;

  constructor(limits: RobotLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Resolves when the chat has taken the message, alone or in a digest. @throws SendError */
  async send(message: RobotMessage, post: RobotPost, signal: AbortSignal): Promise<void> {
    const wait = this.#wait();
    if (wait === 0 && this.#waiting.size === 0) return this.#post(message, post, false);
    if (this.#waiting.size >= maxWaiting)
      throw new SendError(`cannot send yet: ${maxWaiting} messages wait for the same robot`, {
        retryable: true,
      });
    return this.#enqueue(message, post, signal, wait);
  }

  #enqueue(message: RobotMessage, post: RobotPost, signal: AbortSignal, wait: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        message,
        post,
        settle: (error) => {
          signal.removeEventListener('abort', onAbort);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const onAbort = () => {
        this.#waiting.delete(entry);
        entry.settle(
          new SendError('cannot send in time: the robot has sent its messages of this minute', {
            retryable: true,
          }),
        );
      };
      signal.addEventListener('abort', onAbort);
      this.#waiting.add(entry);
      if (!this.#scheduled) this.#clock.after(wait, () => void this.#drain());
      this.#scheduled = true;
    });
  }

  /** Milliseconds until the robot may send: 0 for now. */
  #wait(): number {
    const now = this.#clock.now();
    this.#sentAt = this.#sentAt.filter((at) => at > now - minute);
    const full = this.#sentAt.length >= this.#limits.perMinute;
    const free = full ? this.#sentAt[this.#sentAt.length - this.#limits.perMinute]! + minute : now;
    return Math.max(0, free - now, this.#blockedUntil - now);
  }

  async #drain(): Promise<void> {
    this.#scheduled = false;
    const entries = [...this.#waiting];
    this.#waiting.clear();
    const [first] = entries;
    if (!first) return;
    try {
      const digest = entries.length > 1;
      const message = digest
        ? digestOf(
            entries.map((entry) => entry.message),
            this.#limits.maxBytes,
          )
        : first.message;
      await this.#post(message, first.post, digest);
      for (const entry of entries) entry.settle();
    } catch (error) {
      for (const entry of entries) entry.settle(error);
    }
  }

  async #post(message: RobotMessage, post: RobotPost, digest: boolean): Promise<void> {
    this.#sentAt.push(this.#clock.now());
    try {
      await post(message, digest);
    } catch (error) {
      if (error instanceof SendError) this.#blockedUntil = this.#clock.now() + error.retryAfter;
      throw error;
    }
  }
}

/** All messages in one: whole as long as they fit, then by their titles. */
export function digestOf(messages: readonly RobotMessage[], maxBytes: number): RobotMessage {
  const title = `[汇总 DIGEST:${messages.length}] ${messages[0]!.title}`;
  let text = `### ${title}\n`;
  for (const [i, message] of messages.entries()) {
    const whole = `\n---\n\n${message.text}\n`;
    const left = (messages.length - i - 1) * 120;
    text +=
      byteLength(text) + byteLength(whole) + left <= maxBytes ? whole : `\n- ${cutBytes(message.title, 110)}`;
  }
  return {
    title,
    text: cutBytes(text, maxBytes),
    mention: {
      mobiles: [...new Set(messages.flatMap(({ mention }) => mention.mobiles))],
      users: [...new Set(messages.flatMap(({ mention }) => mention.users))],
      all: messages.some(({ mention }) => mention.all),
    },
  };
}

/** Robots by their URL: receivers that share one share its limit, and a reload does not forget it. */
export class Robots {
  readonly #clock: Clock;
  readonly #robots = new Map<string, Robot>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(url: string, limits: RobotLimits): Robot {
    const known = this.#robots.get(url) ?? new Robot(limits, this.#clock);
    this.#robots.set(url, known);
    return known;
  }
}
