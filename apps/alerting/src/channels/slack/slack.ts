import { duration, secret } from '@paddlewatch/config';
import { z } from 'zod';
import { httpConfig } from '../../config/http-client.ts';
import { unbuiltSlack } from '../../config/unbuilt.ts';
import { type Channel, type ChannelContext, SendError } from '../channel.ts';
import { postJson, readSecretFile } from '../http.ts';

const field = z.strictObject({ title: z.string(), value: z.string(), short: z.boolean().optional() });
const confirmation = z.strictObject({
  text: z.string(),
  title: z.string().optional(),
  ok_text: z.string().optional(),
  dismiss_text: z.string().optional(),
});
const action = z.strictObject({
  type: z.string(),
  text: z.string(),
  url: z.string().optional(),
  style: z.string().optional(),
  name: z.string().optional(),
  value: z.string().optional(),
  confirm: confirmation.optional(),
});
const template = (name: string) => z.string().default(`{{ template "slack.default.${name}" . }}`);

export const slackSchema = z
  .strictObject({
    send_resolved: z.boolean().default(false),
    api_url: secret.optional(),
    api_url_file: z.string().optional(),
    channel: z.string().default(''),
    username: template('username'),
    color: z.string().default('{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}'),
    title: template('title'),
    title_link: template('titlelink'),
    pretext: template('pretext'),
    text: template('text'),
    fallback: template('fallback'),
    footer: template('footer'),
    callback_id: template('callbackid'),
    icon_emoji: template('iconemoji'),
    icon_url: template('iconurl'),
    image_url: z.string().default(''),
    thumb_url: z.string().default(''),
    fields: z.array(field).default([]),
    short_fields: z.boolean().default(false),
    actions: z.array(action).default([]),
    mrkdwn_in: z.array(z.string()).default(['fallback', 'pretext', 'text']),
    link_names: z.boolean().default(false),
    timeout: duration.prefault('0s').describe('0 for the time that the flush has'),
    http_config: httpConfig.optional(),
    ...unbuiltSlack,
  })
  .refine(
    ({ api_url, api_url_file }) => !(api_url && api_url_file),
    'write api_url or api_url_file, not both',
  );

export type SlackConfig = z.output<typeof slackSchema>;

/** Sends to Slack by an incoming webhook. @throws Error where the configuration names no URL. */
export function slackChannel(
  config: SlackConfig,
  { http, global, templates, folder }: ChannelContext,
): Channel {
  const file = config.api_url
    ? undefined
    : (config.api_url_file ?? (global.slack_api_url ? undefined : global.slack_api_url_file));
  const known = config.api_url ?? global.slack_api_url;
  if (!known && !file)
    throw new Error('cannot send to Slack: there is no URL; write api_url, or slack_api_url under global');
  return {
    kind: 'slack',
    sendResolved: config.send_resolved,
    async send(notification, signal) {
      const answer = await postJson(
        http,
        {
          url: file ? readSecretFile(file, folder) : known!.reveal(),
          body: JSON.stringify(slackBody(config, (text) => templates.render(text, notification))),
          signal:
            config.timeout > 0 ? AbortSignal.any([signal, AbortSignal.timeout(config.timeout)]) : signal,
          config: config.http_config ?? global.http_config,
        },
        [429],
      );
      checkAnswer(answer.body);
    },
  };
}

/** Texts as `render` makes them, and none that is empty. */
export function slackBody(config: SlackConfig, render: (text: string) => string): object {
  const filled = (texts: { readonly [name: string]: string | undefined }) =>
    Object.fromEntries(
      Object.entries(texts)
        .map(([name, text]) => [name, text === undefined ? '' : render(text)])
        .filter(([, text]) => text !== ''),
    );
  const { channel, username, icon_emoji, icon_url, title, title_link, pretext, text, fallback, footer } =
    config;
  const { callback_id, image_url, thumb_url, color } = config;
  return {
    ...filled({ channel, username, icon_emoji, icon_url }),
    ...(config.link_names && { link_names: true }),
    attachments: [
      {
        ...filled({
          title,
          title_link,
          pretext,
          text,
          fallback,
          callback_id,
          image_url,
          thumb_url,
          footer,
          color,
        }),
        fields: config.fields.map(({ short, ...texts }) => ({
          ...filled(texts),
          short: short ?? config.short_fields,
        })),
        actions: config.actions.map(({ confirm, ...texts }) => ({
          ...filled(texts),
          ...(confirm && { confirm: filled(confirm) }),
        })),
        mrkdwn_in: config.mrkdwn_in,
      },
    ],
  };
}

/** Slack says `ok` as text, or `{"ok":false,"error":…}` where it speaks JSON. */
function checkAnswer(body: string): void {
  const [, error] = /^\{.*"ok":\s*false.*"error":\s*"([^"]*)"/s.exec(body) ?? [];
  if (error)
    throw new SendError(`Slack refused the message: ${error}`, { retryable: error === 'ratelimited' });
}
