import type { Clock } from '@paddlewatch/model';
import type { GlobalConfig } from '../config/global.ts';
import type { Notification } from '../notify/notification.ts';
import type { Templates } from '../templates/templates.ts';
import type { HttpSend } from './http.ts';
import type { Robots } from './robot.ts';

/** One way to reach people, as one entry of a receiver configures it. */
export interface Channel {
  /** `webhook`, `dingtalk`, … */
  readonly kind: string;
  readonly sendResolved: boolean;
  /**
   * Resolves when the other side has taken the message. @throws SendError, which says whether trying again can help;
   * anything else that is thrown counts as permanent.
   */
  send(notification: Notification, signal: AbortSignal): Promise<void>;
}

/** What channels are built from besides their own settings. */
export interface ChannelContext {
  readonly global: GlobalConfig;
  readonly templates: Templates;
  readonly clock: Clock;
  readonly http: HttpSend;
  readonly robots: Robots;
  /** Relative file names of the configuration start here. */
  readonly folder: string;
}

/** A message that did not arrive. */
export class SendError extends Error {
  override name = 'SendError';
  readonly retryable: boolean;
  /** Milliseconds that the other side asks us to wait; 0 where it says nothing. */
  readonly retryAfter: number;

  constructor(message: string, options: { readonly retryable: boolean; readonly retryAfter?: number }) {
    super(message);
    this.retryable = options.retryable;
    this.retryAfter = options.retryAfter ?? 0;
  }
}
