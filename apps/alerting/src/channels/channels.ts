import { z } from 'zod';
import type { ReceiverConfig } from '../config/alertmanager.ts';
import type { Channel, ChannelContext } from './channel.ts';
import { webhookChannel, webhookSchema } from './webhook/webhook.ts';

/** Every channel there is: the key of a receiver that configures it, and the schema of one entry. */
export const channelSchemas = {
  webhook_configs: z.array(webhookSchema).default([]),
};

/** Keys of channels that Alertmanager does not have. */
export const ownChannels: readonly (keyof typeof channelSchemas)[] = [];

/** The channels of a receiver, in the order that their place in the notification log counts by. */
export function receiverChannels(receiver: ReceiverConfig, context: ChannelContext): Channel[] {
  return [...receiver.webhook_configs.map((config) => webhookChannel(config, context))];
}
