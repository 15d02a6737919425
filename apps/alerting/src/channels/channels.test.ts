import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { labelsFrom, systemClock } from '@paddlewatch/model';
import { loadConfigText } from '../config/load.ts';
import type { Notification } from '../notify/notification.ts';
import { Templates } from '../templates/templates.ts';
import type { Channel, SendError } from './channel.ts';
import { receiverChannels } from './channels.ts';
import { signedUrl } from './dingtalk/signature.ts';
import { signature } from './feishu/feishu.ts';
import { networkSend } from './http.ts';
import { Robots } from './robot.ts';

const at = Date.parse('2026-11-23T04:05:06.500Z');
const alert = (name: string, resolved: boolean) => {
  const labels = labelsFrom({ alertname: 'PaddleSlow', model: 'ocr', instance: name });
  const times = { startsAt: at, endsAt: at + 60_000, updatedAt: at, receivedAt: at, timeout: false };
  return {
    alert: {
      labels,
      fingerprint: `f-${name}`,
      annotations: { summary: `${name} 变慢了` },
      generatorURL: 'http://watch/graph',
      ...times,
    },
    resolved,
  };
};
const notification: Notification = {
  ...{
    receiver: 'r',
    groupKey: '{}:{alertname="PaddleSlow"}',
    reason: 'first notification',
    externalUrl: 'http://watch',
  },
  ...{ groupLabels: labelsFrom({ alertname: 'PaddleSlow' }), routeLabels: {} },
  alerts: [alert('a', false), alert('b', true)],
};

interface Request {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A real HTTP server that answers as told, and what it was asked. */
async function chat(t: TestContext, answer: { status?: number; body?: string } = {}) {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push({ url: request.url!, headers: request.headers, body });
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(answer.body ?? '{"errcode":0,"errmsg":"ok","code":0}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function channel(receiver: string): Channel {
  const { config } = loadConfigText(
    `route: { receiver: r }\nreceivers: [{ name: r, ${receiver} }]`,
    'am.yml',
  );
  const context = {
    ...{ global: config.global, folder: '.', clock: { ...systemClock, now: () => at } },
    ...{
      templates: new Templates([], '.', () => at),
      http: networkSend('.'),
      robots: new Robots(systemClock),
    },
  };
  return receiverChannels(config.receivers[0]!, context).flat()[0]!;
}

const send = (made: Channel) => made.send(notification, AbortSignal.timeout(5000));

test('a webhook gets version 4 of the JSON', async (t) => {
  const { url, requests } = await chat(t);
  await send(
    channel(
      `webhook_configs: [{ url: '${url}/{{ .Receiver }}', http_config: { authorization: { credentials: s } } }]`,
    ),
  );
  const [{ headers, body, url: path }] = requests as [Request];
  assert.equal(path, '/r');
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers.authorization, 'Bearer s');
  const alertJson = (name: string, status: string, endsAt: string) =>
    `{"status":"${status}","labels":{"alertname":"PaddleSlow","instance":"${name}","model":"ocr"},"annotations":{"summary":"${name} 变慢了"},` +
    `"startsAt":"2026-11-23T04:05:06.5Z","endsAt":"${endsAt}","generatorURL":"http://watch/graph","fingerprint":"f-${name}"}`;
  assert.equal(
    body,
    `{"receiver":"r","status":"firing","alerts":[${alertJson('a', 'firing', '0001-01-01T00:00:00Z')},${alertJson('b', 'resolved', '2026-11-23T04:06:06.5Z')}],` +
      `"notification_reason":"first notification","groupLabels":{"alertname":"PaddleSlow"},"commonLabels":{"alertname":"PaddleSlow","model":"ocr"},` +
      `"commonAnnotations":{},"routeLabels":{},"externalURL":"http://watch","version":"4","groupKey":"{}:{alertname=\\"PaddleSlow\\"}","truncatedAlerts":0}`,
  );
});

test('max_alerts cuts the list and says how much', async (t) => {
  const { url, requests } = await chat(t);
  await send(channel(`webhook_configs: [{ url: '${url}', max_alerts: 1 }]`));
  const body = JSON.parse(requests[0]!.body);
  assert.deepEqual([body.alerts.length, body.truncatedAlerts], [1, 1]);
});

test('DingTalk: signed, and whom it mentions stands in the text', async (t) => {
  const { url, requests } = await chat(t);
  await send(
    channel(
      `dingtalk_configs: [{ url: '${url}/robot/send?access_token=x', secret: 'this is secret', mention: { mobiles: ['13800000000'] } }]`,
    ),
  );
  assert.equal(requests[0]!.url, signedUrl('/robot/send?access_token=x', 'this is secret', at));
  const body = JSON.parse(requests[0]!.body);
  assert.equal(body.msgtype, 'markdown');
  assert.equal(body.markdown.title, '[告警 FIRING:1] PaddleSlow · ocr');
  assert.match(
    body.markdown.text,
    /^### \[告警 FIRING:1\] PaddleSlow[\s\S]*a 变慢了[\s\S]*已恢复 Resolved \(1\)[\s\S]*\n\n@13800000000$/,
  );
  assert.deepEqual(body.at, { atMobiles: ['13800000000'], atUserIds: [], isAtAll: false });
});

test('the signatures of DingTalk and Feishu are what another HMAC makes of them', () => {
  assert.equal(
    signedUrl('http://x/?access_token=t', 'this is secret', 1577262236757),
    'http://x/?access_token=t&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D',
  );
  assert.deepEqual(signature('demo', 1599360473_000), {
    timestamp: '1599360473',
    sign: 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=',
  });
});

test('DingTalk: cards have buttons, a long text becomes several messages', async (t) => {
  const { url, requests } = await chat(t);
  await send(
    channel(
      `dingtalk_configs: [{ url: '${url}', msg_type: actionCard, buttons: [{ title: '{{ .Status }}', url: 'http://b/' }] }]`,
    ),
  );
  assert.deepEqual(JSON.parse(requests[0]!.body).actionCard.btns, [
    { title: 'firing', actionURL: 'http://b/' },
  ]);
  await send(
    channel(`dingtalk_configs: [{ url: '${url}/long', msg_type: text, text: '${'长'.repeat(7000)}' }]`),
  );
  const parts = requests.slice(1).map(({ body }) => JSON.parse(body).text.content as string);
  assert.equal(parts.length, 2);
  assert.equal(parts.join(''), '长'.repeat(7000));
});

test('HTTP 200 with a code that is not 0 is a failure; the code says whether to try again', async (t) => {
  const table: [string, boolean][] = [
    ['{"errcode":310000,"errmsg":"keywords not in content"}', false],
    ['{"errcode":130101,"errmsg":"send too fast"}', true],
    ['{"errcode":-1,"errmsg":"system busy"}', true],
    ['{"errcode":300005,"errmsg":"token is not exist"}', false],
    ['<html>', true],
  ];
  for (const [body, retryable] of table) {
    const { url } = await chat(t, { body });
    await assert.rejects(send(channel(`dingtalk_configs: [{ url: '${url}' }]`)), (error: SendError) => {
      assert.match(error.message, /^DingTalk/);
      return error.retryable === retryable;
    });
  }
});

test('WeCom and Feishu get their own forms', async (t) => {
  const { url, requests } = await chat(t);
  await send(
    channel(`wecom_configs: [{ url: '${url}/w', msg_type: text, mention: { all: true, mobiles: ['138'] } }]`),
  );
  const { text } = JSON.parse(requests[0]!.body);
  assert.deepEqual([text.mentioned_list, text.mentioned_mobile_list], [['@all'], ['138']]);
  await send(channel(`feishu_configs: [{ url: '${url}/f', secret: s, mention: { all: true } }]`));
  const card = JSON.parse(requests[1]!.body);
  assert.equal(card.timestamp, String(Math.floor(at / 1000)));
  assert.equal(card.card.header.template, 'red');
  assert.match(card.card.elements[0].content, /<at id=all><\/at>$/);
});

test('Slack gets an attachment without empty texts', async (t) => {
  const { url, requests } = await chat(t, { body: 'ok' });
  await send(
    channel(
      `slack_configs: [{ api_url: '${url}', channel: '#ops', fields: [{ title: '{{ .Status }}', value: v }] }]`,
    ),
  );
  const { attachments, ...rest } = JSON.parse(requests[0]!.body);
  assert.deepEqual(rest, { channel: '#ops', username: 'Paddlewatch' });
  assert.equal(attachments[0].color, 'danger');
  assert.equal(attachments[0].title, '[告警 FIRING:1] PaddleSlow · ocr');
  assert.deepEqual(attachments[0].fields, [{ title: 'firing', value: 'v', short: false }]);
  assert.equal('pretext' in attachments[0], false);
});

test('a URL that holds a token stays out of error messages', async () => {
  const made = channel(`webhook_configs: [{ url: 'http://127.0.0.1:1/hook?token=geheim' }]`);
  await assert.rejects(
    send(made),
    (error: SendError) => error.retryable && !error.message.includes('geheim'),
  );
});
