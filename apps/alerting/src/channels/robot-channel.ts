import type { Secret } from '@paddlewatch/config';
import type { HttpConfig } from '../config/http-client.ts';
import type { Notification } from '../notify/notification.ts';
import type { Channel, ChannelContext } from './channel.ts';
import { postJson, readSecretFile } from './http.ts';
import type { Mention, RobotLimits, RobotMessage } from './robot.ts';
import { type AnswerCodes, checkAnswer } from './robot-answer.ts';
import { byteLength, splitBytes } from './text-bytes.ts';

/** What the robots of all chats are configured by. */
export interface RobotConfig {
  readonly send_resolved: boolean;
  readonly url?: Secret;
  readonly url_file?: string;
  readonly secret?: Secret;
  readonly secret_file?: string;
  readonly title: string;
  readonly text: string;
  readonly mention: Mention;
  readonly http_config?: HttpConfig;
}

/** What tells one chat from another. */
export interface RobotDialect {
  readonly kind: string;
  readonly limits: RobotLimits;
  readonly codes: AnswerCodes;
  /** The request for a message: a digest may not be what the channel is set to send. */
  request(
    robotUrl: string,
    secret: string | undefined,
    sent: SentMessage,
  ): { readonly url: string; readonly body: object };
}

export interface SentMessage {
  readonly message: RobotMessage;
  readonly digest: boolean;
  readonly notification: Notification;
  readonly now: number;
}

/** A long text goes out in so many messages at most. */
const maxParts = 5;

/** Sends to a chat by its robot: renders, splits by bytes, waits for its turn, and reads the code in the answer. */
export function robotChannel(config: RobotConfig, dialect: RobotDialect, context: ChannelContext): Channel {
  const { templates, robots, folder, http, global, clock } = context;
  const { kind, limits, codes } = dialect;
  for (const text of [config.title, config.text]) templates.check(text);
  return {
    kind,
    sendResolved: config.send_resolved,
    async send(notification, signal) {
      const robotUrl = config.url?.reveal() ?? readSecretFile(config.url_file!, folder);
      const key =
        config.secret?.reveal() ?? (config.secret_file && readSecretFile(config.secret_file, folder));
      const post = async (message: RobotMessage, digest: boolean) => {
        const sent = { message, digest, notification, now: clock.now() };
        const { url, body } = dialect.request(robotUrl, key, sent);
        const client = { signal, config: config.http_config ?? global.http_config };
        const answer = await postJson(http, { url, body: JSON.stringify(body), ...client }, [429]);
        checkAnswer(answer.body, codes);
      };
      const title = templates.render(config.title, notification).trim();
      const text = templates.render(config.text, notification).trim();
      const robot = robots.get(robotUrl, limits);
      for (const part of splitBytes(text, limits.maxBytes - byteLength(title), maxParts))
        await robot.send({ title, text: part, mention: config.mention }, post, signal);
    },
  };
}
