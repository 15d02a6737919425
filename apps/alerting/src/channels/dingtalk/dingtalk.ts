import { secret } from '@paddlewatch/config';
import { z } from 'zod';
import { httpConfig } from '../../config/http-client.ts';
import type { Channel, ChannelContext } from '../channel.ts';
import { mentionSchema } from '../mention.ts';
import type { Mention } from '../robot.ts';
import { type RobotDialect, robotChannel, type SentMessage } from '../robot-channel.ts';
import { signedUrl } from './signature.ts';

const button = z.strictObject({ title: z.string(), url: z.string() });

export const dingtalkSchema = z
  .strictObject({
    send_resolved: z.boolean().default(true),
    url: secret.optional().describe('webhook URL of the robot, access_token included'),
    url_file: z.string().optional(),
    secret: secret.optional().describe('signs messages, where the robot is set up to demand it'),
    secret_file: z.string().optional(),
    msg_type: z.enum(['markdown', 'text', 'actionCard', 'link']).default('markdown'),
    title: z.string().default('{{ template "dingtalk.default.title" . }}'),
    text: z.string().default('{{ template "dingtalk.default.text" . }}'),
    link_url: z
      .string()
      .default('{{ template "__alertmanagerURL" . }}')
      .describe('where a link or a card leads'),
    link_title: z.string().default('查看 Open'),
    picture_url: z.string().default(''),
    buttons: z.array(button).default([]).describe('of an actionCard, in place of link_url'),
    button_orientation: z.enum(['vertical', 'horizontal']).default('vertical'),
    mention: mentionSchema.prefault({}),
    http_config: httpConfig.optional(),
  })
  .refine(({ url, url_file }) => Boolean(url) !== Boolean(url_file), 'write one of url and url_file')
  .refine(({ secret, secret_file }) => !(secret && secret_file), 'write secret or secret_file, not both')
  .refine(
    ({ msg_type, buttons }) => buttons.length === 0 || msg_type === 'actionCard',
    'buttons need msg_type: actionCard',
  );

export type DingtalkConfig = z.output<typeof dingtalkSchema>;

/** A body may have 20,000 bytes (460101); what the text leaves of it is for the frame, title and mentions. */
const limits = { perMinute: 20, maxBytes: 18_000 };
const codes = {
  ...{ chat: 'DingTalk', code: ['errcode'], text: ['errmsg'] },
  ...{ retryable: [-1], tooFast: [130101, 410100], pause: 60_000 },
};

/** Sends to a DingTalk group by its custom robot. */
export function dingtalkChannel(config: DingtalkConfig, context: ChannelContext): Channel {
  const { templates } = context;
  for (const text of [config.link_url, ...config.buttons.flatMap(({ title, url }) => [title, url])])
    templates.check(text);
  const dialect: RobotDialect = {
    ...{ kind: 'dingtalk', limits, codes },
    request: (robotUrl, key, sent) => ({
      url: signedUrl(robotUrl, key, sent.now),
      body: dingtalkBody(config, sent, (text) => templates.render(text, sent.notification)),
    }),
  };
  return robotChannel(config, dialect, context);
}

/** A message as DingTalk takes it. A digest is markdown, or text where the channel sends that. */
export function dingtalkBody(
  config: DingtalkConfig,
  { message: { title, text: said, mention }, digest }: Pick<SentMessage, 'message' | 'digest'>,
  render: (text: string) => string,
): object {
  const text = said + mentionText(mention);
  const at = { atMobiles: mention.mobiles, atUserIds: mention.users, isAtAll: mention.all };
  switch (digest && config.msg_type !== 'text' ? 'markdown' : config.msg_type) {
    case 'text':
      return { msgtype: 'text', text: { content: text }, at };
    case 'markdown':
      return { msgtype: 'markdown', markdown: { title, text }, at };
    case 'link':
      return {
        msgtype: 'link',
        link: { title, text, messageUrl: render(config.link_url), picUrl: config.picture_url },
      };
    case 'actionCard':
      return { msgtype: 'actionCard', actionCard: { title, text, ...cardButtons(config, render) }, at };
  }
}

function cardButtons(config: DingtalkConfig, render: (text: string) => string) {
  if (config.buttons.length === 0)
    return { singleTitle: config.link_title, singleURL: render(config.link_url) };
  return {
    btnOrientation: config.button_orientation === 'horizontal' ? '1' : '0',
    btns: config.buttons.map(({ title, url }) => ({ title: render(title), actionURL: render(url) })),
  };
}

/** Only who stands in the text as well is really called. */
function mentionText({ mobiles, users }: Mention): string {
  const names = [...mobiles, ...users].map((name) => `@${name}`);
  return names.length > 0 ? `\n\n${names.join(' ')}` : '';
}
