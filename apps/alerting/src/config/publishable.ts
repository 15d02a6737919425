import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { ownChannels } from '../channels/channels.ts';

/**
 * The configuration for `status.config.original`. Programs that speak to Alertmanager parse it strictly and refuse keys
 * they do not know, so channels of our own stand there as webhooks with a secret URL.
 */
export function publishable(text: string): string {
  const doc = parseDocument(text, { merge: true });
  const receivers = doc.get('receivers');
  if (!isSeq(receivers)) return text;
  let changed = false;
  for (const receiver of receivers.items) if (isMap(receiver)) changed = rewrite(receiver) || changed;
  return changed ? doc.toString({ lineWidth: 0 }) : text;
}

function rewrite(receiver: YAMLMap): boolean {
  const webhooks: unknown[] = [];
  for (const key of ownChannels) {
    const entries = receiver.get(key);
    if (!isSeq(entries)) continue;
    for (const entry of entries.items) {
      const sendResolved = isMap(entry) ? entry.get('send_resolved') : undefined;
      webhooks.push({
        ...(sendResolved === undefined ? {} : { send_resolved: sendResolved }),
        url: '<secret>',
      });
    }
    receiver.delete(key);
  }
  if (webhooks.length === 0) return false;
  const known = receiver.get('webhook_configs');
  receiver.set('webhook_configs', [...(isSeq(known) ? known.toJSON() : []), ...webhooks]);
  return true;
}
