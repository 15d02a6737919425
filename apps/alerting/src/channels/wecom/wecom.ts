import { secret } from '@paddlewatch/config';
import { z } from 'zod';
import { httpConfig } from '../../config/http-client.ts';
import type { Channel, ChannelContext } from '../channel.ts';
import { mentionSchema } from '../mention.ts';
import type { RobotMessage } from '../robot.ts';
import { robotChannel } from '../robot-channel.ts';

export const wecomSchema = z
  .strictObject({
    send_resolved: z.boolean().default(true),
    url: secret.optional().describe('webhook URL of the group robot, key included'),
    url_file: z.string().optional(),
    msg_type: z.enum(['markdown', 'text']).default('markdown'),
    title: z.string().default('{{ template "wecom.default.title" . }}').describe('of a message in a digest'),
    text: z.string().default('{{ template "wecom.default.text" . }}'),
    mention: mentionSchema.prefault({}),
    http_config: httpConfig.optional(),
  })
  .refine(({ url, url_file }) => Boolean(url) !== Boolean(url_file), 'write one of url and url_file')
  .refine(
    ({ msg_type, mention }) => msg_type === 'text' || (mention.mobiles.length === 0 && !mention.all),
    'markdown can mention users only; write msg_type: text to mention mobiles or all',
  );

export type WecomConfig = z.output<typeof wecomSchema>;

/** Content may have 4096 bytes of markdown (40058) or 2048 of text; a part of it is left to mentions. */
const maxBytes = { markdown: 4096 - 256, text: 2048 - 128 };
const codes = {
  ...{ chat: 'WeCom', code: ['errcode'], text: ['errmsg'] },
  ...{ retryable: [-1], tooFast: [45009], pause: 60_000 },
};

/** Sends to a WeCom group by its robot. */
export function wecomChannel(config: WecomConfig, context: ChannelContext): Channel {
  const limits = { perMinute: 20, maxBytes: maxBytes[config.msg_type] };
  return robotChannel(
    config,
    {
      ...{ kind: 'wecom', limits, codes },
      request: (url, _, { message }) => ({ url, body: wecomBody(config.msg_type, message) }),
    },
    context,
  );
}

export function wecomBody(type: WecomConfig['msg_type'], { text, mention }: RobotMessage): object {
  if (type === 'text') {
    const users = [...mention.users, ...(mention.all ? ['@all'] : [])];
    return {
      msgtype: 'text',
      text: { content: text, mentioned_list: users, mentioned_mobile_list: mention.mobiles },
    };
  }
  const names = mention.users.map((user) => `<@${user}>`).join(' ');
  return { msgtype: 'markdown', markdown: { content: names ? `${text}\n${names}` : text } };
}
