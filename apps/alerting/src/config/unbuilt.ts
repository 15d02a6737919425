import { z } from 'zod';

/** A setting of Alertmanager that is known and not built: a configuration that relies on it must not load silently. */
function unbuilt(cure: string) {
  return z
    .unknown()
    .optional()
    .refine(
      (value) => value === undefined || (Array.isArray(value) && value.length === 0),
      `this is not built yet; ${cure}`,
    );
}

function each<const N extends readonly string[]>(names: N, cure: string) {
  return Object.fromEntries(names.map((name) => [name, unbuilt(cure)])) as Record<
    N[number],
    ReturnType<typeof unbuilt>
  >;
}

/** Channels that Alertmanager has and this program cannot send by. */
export const unbuiltChannels = each(
  [
    ...([
      'discord_configs',
      'incidentio_configs',
      'jira_configs',
      'mattermost_configs',
      'msteams_configs',
    ] as const),
    ...(['msteamsv2_configs', 'opsgenie_configs', 'pagerduty_configs', 'pushover_configs'] as const),
    ...([
      'rocketchat_configs',
      'sns_configs',
      'telegram_configs',
      'victorops_configs',
      'webex_configs',
    ] as const),
    'wechat_configs',
  ],
  'remove the channel, or send by webhook_configs to a bridge',
);

export const unbuiltClient = each(
  ['oauth2', 'proxy_from_environment', 'proxy_connect_header', 'no_proxy'],
  'remove it',
);

export const unbuiltTop = each(['event_recorder', 'tracing'], 'remove it');

/** Slack by its API instead of an incoming webhook. */
export const unbuiltSlack = each(
  ['app_token', 'app_token_file', 'app_url', 'update_message', 'message_text'],
  'use api_url',
);
