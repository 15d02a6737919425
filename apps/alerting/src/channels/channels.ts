import { z } from 'zod';
import type { ReceiverConfig } from '../config/alertmanager.ts';
import type { Channel, ChannelContext } from './channel.ts';
import { dingtalkChannel, dingtalkSchema } from './dingtalk/dingtalk.ts';
import { emailChannel, emailSchema } from './email/email.ts';
import { feishuChannel, feishuSchema } from './feishu/feishu.ts';
import { slackChannel, slackSchema } from './slack/slack.ts';
import { webhookChannel, webhookSchema } from './webhook/webhook.ts';
import { wecomChannel, wecomSchema } from './wecom/wecom.ts';

/** Every channel there is: the key of a receiver that configures it, and the schema of one entry. */
export const channelSchemas = {
  webhook_configs: z.array(webhookSchema).default([]),
  email_configs: z.array(emailSchema).default([]),
  slack_configs: z.array(slackSchema).default([]),
  dingtalk_configs: z.array(dingtalkSchema).default([]),
  wecom_configs: z.array(wecomSchema).default([]),
  feishu_configs: z.array(feishuSchema).default([]),
};

/** Keys of channels that Alertmanager does not have. */
export const ownChannels: readonly (keyof typeof channelSchemas)[] = [
  'dingtalk_configs',
  'wecom_configs',
  'feishu_configs',
];

/** The channels of a receiver. Each kind is counted by itself: the notification log knows a channel by its number. */
export function receiverChannels(receiver: ReceiverConfig, context: ChannelContext): Channel[][] {
  return [
    receiver.webhook_configs.map((config) => webhookChannel(config, context)),
    receiver.email_configs.map((config) => emailChannel(config, context)),
    receiver.slack_configs.map((config) => slackChannel(config, context)),
    receiver.dingtalk_configs.map((config) => dingtalkChannel(config, context)),
    receiver.wecom_configs.map((config) => wecomChannel(config, context)),
    receiver.feishu_configs.map((config) => feishuChannel(config, context)),
  ];
}
