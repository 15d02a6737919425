import { duration, secret, tlsConfig, url } from '@paddlewatch/config';
import { z } from 'zod';
import { httpConfig } from './http-client.ts';

/** Settings that channels fall back to. Those of unbuilt channels are read and have no effect: nobody can ask for them. */
export const global = z.strictObject({
  resolve_timeout: duration.prefault('5m'),
  http_config: httpConfig.optional(),
  smtp_from: z.string().optional(),
  smtp_smarthost: z.string().optional(),
  smtp_hello: z.string().default('localhost'),
  smtp_auth_username: z.string().optional(),
  smtp_auth_password: secret.optional(),
  smtp_auth_password_file: z.string().optional(),
  smtp_auth_identity: z
    .string()
    .optional()
    .refine((identity) => !identity, 'an identity apart from the user is not built yet; remove it'),
  smtp_auth_secret: secret.optional(),
  smtp_auth_secret_file: z.string().optional(),
  smtp_require_tls: z.boolean().default(true),
  smtp_tls_config: tlsConfig.optional(),
  smtp_force_implicit_tls: z.boolean().optional(),
  slack_api_url: secret.optional(),
  slack_api_url_file: z.string().optional(),
  slack_app_token: secret.optional(),
  slack_app_token_file: z.string().optional(),
  slack_app_url: url.optional(),
  pagerduty_url: url.optional(),
  opsgenie_api_url: url.optional(),
  opsgenie_api_key: secret.optional(),
  opsgenie_api_key_file: z.string().optional(),
  victorops_api_url: url.optional(),
  victorops_api_key: secret.optional(),
  victorops_api_key_file: z.string().optional(),
  wechat_api_url: url.optional(),
  wechat_api_secret: secret.optional(),
  wechat_api_secret_file: z.string().optional(),
  wechat_api_corp_id: z.string().optional(),
  telegram_api_url: url.optional(),
  telegram_bot_token: secret.optional(),
  telegram_bot_token_file: z.string().optional(),
  webex_api_url: url.optional(),
  jira_api_url: url.optional(),
  rocketchat_api_url: url.optional(),
  rocketchat_token: secret.optional(),
  rocketchat_token_file: z.string().optional(),
  rocketchat_token_id: secret.optional(),
  rocketchat_token_id_file: z.string().optional(),
  mattermost_webhook_url: secret.optional(),
  mattermost_webhook_url_file: z.string().optional(),
});

export type GlobalConfig = z.output<typeof global>;
