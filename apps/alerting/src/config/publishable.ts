import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { ownChannels } from '../channels/channels.ts';

/** Stands where a webhook's URL is secret: older amtools take nothing but a URL there. RFC 2606 keeps it from existing. */
const hiddenUrl = 'http://secret.invalid/';

/**
 * The configuration for `status.config.original`, its secrets masked already. Programs that speak to Alertmanager parse
 * it strictly and refuse keys they do not know, so channels of our own stand there as webhooks.
 */
export function publishable(text: string): string {
  const doc = parseDocument(text, { merge: true });
  const receivers = doc.get('receivers');
  if (!isSeq(receivers)) return text;
  for (const receiver of receivers.items) if (isMap(receiver)) rewrite(receiver);
  return doc.toString({ lineWidth: 0 });
}

function rewrite(receiver: YAMLMap): void {
  const webhooks = entriesOf(receiver, 'webhook_configs').map((entry) => ({
    ...entry,
    ...(entry['url'] !== undefined && { url: hiddenUrl }),
  }));
  for (const key of ownChannels) {
    for (const { send_resolved } of entriesOf(receiver, key))
      webhooks.push({ ...(send_resolved !== undefined && { send_resolved }), url: hiddenUrl });
    receiver.delete(key);
  }
  if (webhooks.length > 0) receiver.set('webhook_configs', webhooks);
}

function entriesOf(receiver: YAMLMap, key: string): Record<string, unknown>[] {
  const entries = receiver.get(key);
  return isSeq(entries) ? (entries.toJSON() as Record<string, unknown>[]) : [];
}
