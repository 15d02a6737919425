import { createHmac } from 'node:crypto';
import { secret } from '@paddlewatch/config';
import { z } from 'zod';
import { httpConfig } from '../../config/http-client.ts';
import { statusOf } from '../../notify/notification.ts';
import type { Channel, ChannelContext } from '../channel.ts';
import { mentionSchema } from '../mention.ts';
import type { RobotMessage } from '../robot.ts';
import { robotChannel } from '../robot-channel.ts';

export const feishuSchema = z
  .strictObject({
    send_resolved: z.boolean().default(true),
    url: secret.optional().describe('webhook URL of the custom robot'),
    url_file: z.string().optional(),
    secret: secret.optional().describe('signs messages, where the robot is set up to demand it'),
    secret_file: z.string().optional(),
    msg_type: z.enum(['card', 'text']).default('card'),
    title: z.string().default('{{ template "feishu.default.title" . }}'),
    text: z.string().default('{{ template "feishu.default.text" . }}'),
    mention: mentionSchema.prefault({}),
    http_config: httpConfig.optional(),
  })
  .refine(({ url, url_file }) => Boolean(url) !== Boolean(url_file), 'write one of url and url_file')
  .refine(({ secret, secret_file }) => !(secret && secret_file), 'write secret or secret_file, not both')
  .refine(
    ({ mention }) => mention.mobiles.length === 0,
    'Feishu robots cannot mention mobiles; write users or all',
  );

export type FeishuConfig = z.output<typeof feishuSchema>;

/** A request may have 20 KB; what the text leaves of it is for the frame. */
const limits = { perMinute: 100, maxBytes: 18_000 };
const codes = {
  ...{ chat: 'Feishu', code: ['code', 'StatusCode'], text: ['msg', 'StatusMessage'] },
  ...{ retryable: [], tooFast: [9499, 11232], pause: 10_000 },
};

/** Sends to a Feishu or Lark group by its custom robot. */
export function feishuChannel(config: FeishuConfig, context: ChannelContext): Channel {
  return robotChannel(
    config,
    {
      ...{ kind: 'feishu', limits, codes },
      request: (url, key, { message, notification, now }) => ({
        url,
        body: { ...signature(key, now), ...feishuBody(config.msg_type, message, statusOf(notification)) },
      }),
    },
    context,
  );
}

/** `timestamp` in seconds and `sign`: HMAC-SHA256 of nothing under the key "<s>\n<secret>", in base64. */
export function signature(secret: string | undefined, now: number) {
  if (!secret) return {};
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}

export function feishuBody(
  type: FeishuConfig['msg_type'],
  { title, text, mention }: RobotMessage,
  status: 'firing' | 'resolved',
): object {
  if (type === 'text') {
    const names = mention.users.map((user) => `<at user_id="${user}"></at>`);
    if (mention.all) names.push('<at user_id="all">所有人</at>');
    return { msg_type: 'text', content: { text: [title, text, ...names].join('\n') } };
  }
  const names = [...mention.users, ...(mention.all ? ['all'] : [])]
    .map((user) => `<at id=${user}></at>`)
    .join(' ');
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: {
        title: { tag: 'plain_text', content: title },
        template: status === 'firing' ? 'red' : 'green',
      },
      elements: [{ tag: 'markdown', content: names ? `${text}\n${names}` : text }],
    },
  };
}
