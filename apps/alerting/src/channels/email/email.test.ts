import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { labelsFrom, systemClock } from '@paddlewatch/model';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { loadConfigText } from '../../config/load.ts';
import type { Notification } from '../../notify/notification.ts';
import { Templates } from '../../templates/templates.ts';
import type { SendError } from '../channel.ts';
import { networkSend } from '../http.ts';
import { Robots } from '../robot.ts';
import { emailChannel } from './email.ts';

const labels = labelsFrom({ alertname: 'PaddleSlow', model: '<ocr>' });
const notification: Notification = {
  ...{
    receiver: 'r',
    groupKey: '{}:{}',
    groupLabels: labels,
    routeLabels: {},
    reason: 'first notification',
    externalUrl: 'http://watch',
  },
  alerts: [
    {
      alert: {
        ...{ labels, fingerprint: 'f', annotations: { summary: '变慢了' }, generatorURL: '' },
        ...{ startsAt: 0, endsAt: 1e15, updatedAt: 0, receivedAt: 0, timeout: false },
      },
      resolved: false,
    },
  ],
};

/** A real SMTP server with a certificate of its own making. */
async function mailbox(t: TestContext, options: SMTPServerOptions = {}) {
  const mails: { readonly text: string; readonly secure: boolean; readonly user: string | undefined }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: (auth, _, done) => done(null, { user: `${auth.username}:${auth.password}` }),
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        mails.push({ text, secure: session.secure, user: session.user as string | undefined });
        done();
      });
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { smarthost: `127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails };
}

function send(email: string): Promise<void> {
  const { config } = loadConfigText(
    `route: { receiver: r }\nreceivers: [{ name: r, email_configs: [{ to: ops@example.com, from: watch@example.com, ${email} }] }]`,
    'am.yml',
  );
  const context = {
    ...{ global: config.global, folder: '.', clock: systemClock },
    ...{
      templates: new Templates([], '.', () => 0),
      http: networkSend('.'),
      robots: new Robots(systemClock),
    },
  };
  return emailChannel(config.receivers[0]!.email_configs[0]!, context).send(
    notification,
    AbortSignal.timeout(10_000),
  );
}

test('a mail has a subject, a text and an escaped page, over STARTTLS, with the password', async (t) => {
  const { smarthost, mails } = await mailbox(t);
  await send(
    `smarthost: '${smarthost}', auth_username: u, auth_password: p, tls_config: { insecure_skip_verify: true }, headers: { X-Team: '{{ .Receiver }}' }, threading: { enabled: true, thread_by_date: none }`,
  );
  const [{ text, secure, user }] = mails as [(typeof mails)[0]];
  assert.equal(secure, true);
  assert.equal(user, 'u:p');
  const subject = /^Subject: ([^\r]*(?:\r\n [^\r]*)*)/m.exec(text)![1]!;
  assert.match(subject, /=\?UTF-8\?/);
  assert.match(text, /^X-Team: r\r$/m);
  assert.match(text, /^References: <group-[0-9a-f]{32}@paddlewatch>\r$/m);
  const html = Buffer.from(
    /text\/html[\s\S]*?base64\r\n\r\n([\s\S]*?)\r\n--/.exec(text)?.[1] ?? '',
    'base64',
  ).toString();
  assert.match(html || text, /&lt;ocr&gt;|&lt;ocr=\s*&gt;/);
});

test('a server without STARTTLS gets no mail unless that is allowed', async (t) => {
  const { smarthost, mails } = await mailbox(t, { disabledCommands: ['STARTTLS'] });
  await assert.rejects(send(`smarthost: '${smarthost}'`), /cannot send e-mail/);
  assert.equal(mails.length, 0);
  await send(`smarthost: '${smarthost}', require_tls: false`);
  assert.deepEqual([mails.length, mails[0]!.secure], [1, false]);
});

test('implicit TLS, and a refusal that is final', async (t) => {
  const { smarthost, mails } = await mailbox(t, { secure: true });
  await send(
    `smarthost: '${smarthost}', force_implicit_tls: true, tls_config: { insecure_skip_verify: true }`,
  );
  assert.equal(mails[0]!.secure, true);
  const fault = Object.assign(new Error('no such user'), { responseCode: 550 });
  const refusing = await mailbox(t, { onRcptTo: (_, __, done) => done(fault) });
  await assert.rejects(
    send(
      `smarthost: '${refusing.smarthost}', require_tls: false, tls_config: { insecure_skip_verify: true }`,
    ),
    (error: SendError) => !error.retryable && /no such user/.test(error.message),
  );
});
