import { createHash } from 'node:crypto';
import { secret, tlsConfig } from '@paddlewatch/config';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { GlobalConfig } from '../../config/global.ts';
import type { Notification } from '../../notify/notification.ts';
import { type Channel, type ChannelContext, SendError } from '../channel.ts';
import { readSecretFile, tlsOptions } from '../http.ts';

export const emailSchema = z.strictObject({
  send_resolved: z.boolean().default(false),
  to: z.string().min(1).describe('addresses, parted by commas'),
  from: z.string().optional(),
  smarthost: z.string().optional().describe('host:port'),
  hello: z.string().optional(),
  auth_username: z.string().optional(),
  auth_password: secret.optional(),
  auth_password_file: z.string().optional(),
  auth_secret: secret.optional().describe('for CRAM-MD5'),
  auth_secret_file: z.string().optional(),
  auth_identity: z
    .string()
    .optional()
    .refine((identity) => !identity, 'an identity apart from the user is not built yet; remove it'),
  require_tls: z.boolean().optional(),
  force_implicit_tls: z.boolean().optional(),
  tls_config: tlsConfig.optional(),
  headers: z.record(z.string(), z.string()).default({}),
  html: z.string().default('{{ template "email.default.html" . }}'),
  text: z.string().default('{{ template "email.default.text" . }}'),
  threading: z
    .strictObject({
      enabled: z.boolean().default(false),
      thread_by_date: z.enum(['daily', 'none']).default('daily'),
    })
    .prefault({}),
});

export type EmailConfig = z.output<typeof emailSchema>;

const defaultSubject = '{{ template "email.default.subject" . }}';

/** Sends by SMTP. @throws Error where the configuration names no server or no sender. */
export function emailChannel(config: EmailConfig, context: ChannelContext): Channel {
  const { templates, global } = context;
  const from = config.from ?? global.smtp_from;
  if (!from) throw new Error('cannot send e-mail: there is no sender; write from, or smtp_from under global');
  const server = serverOf(config, global);
  for (const text of [config.to, from, config.html, config.text, ...Object.values(config.headers)])
    templates.check(text);
  return {
    kind: 'email',
    sendResolved: config.send_resolved,
    send: (notification, signal) =>
      mail(transportOptions(config, context, server), message(config, from, notification, context), signal),
  };
}

function message(
  config: EmailConfig,
  from: string,
  notification: Notification,
  { templates, clock }: ChannelContext,
) {
  const render = (text: string) => templates.render(text, notification).trim();
  const headers = Object.fromEntries(
    Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), render(value)]),
  );
  const { subject = render(defaultSubject), ...others } = headers;
  return {
    from: render(from),
    to: render(config.to),
    subject,
    text: config.text === '' ? undefined : templates.render(config.text, notification),
    html: config.html === '' ? undefined : templates.renderHtml(config.html, notification),
    headers: { ...threadHeaders(config, notification.groupKey, clock.now()), ...others },
  };
}

type TransportOptions = ReturnType<typeof transportOptions>;

function transportOptions(
  config: EmailConfig,
  { global, folder }: ChannelContext,
  server: { host: string; port: number },
) {
  const implicit = config.force_implicit_tls ?? global.smtp_force_implicit_tls ?? server.port === 465;
  const tls = config.tls_config ?? global.smtp_tls_config;
  return {
    ...server,
    secure: implicit,
    requireTLS: !implicit && (config.require_tls ?? global.smtp_require_tls),
    name: config.hello ?? global.smtp_hello,
    tls: tls ? tlsOptions(tls, folder) : {},
    ...authentication(config, global, folder),
  };
}

async function mail(
  options: TransportOptions,
  content: ReturnType<typeof message>,
  signal: AbortSignal,
): Promise<void> {
  const transport = createTransport(options);
  const stop = () => transport.close();
  signal.addEventListener('abort', stop);
  try {
    await transport.sendMail(content);
  } catch (error) {
    throw smtpError(error as SmtpFault);
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
}

type SmtpFault = Error & { readonly responseCode?: number; readonly code?: string };

/** A server's 5xx is final; everything else, from a lost connection to a 4xx, may pass. */
function smtpError(error: SmtpFault): SendError {
  const permanent = (error.responseCode ?? 0) >= 500 || error.code === 'EAUTH' || error.code === 'EENVELOPE';
  return new SendError(`cannot send e-mail: ${error.message}`, { retryable: !permanent });
}

function serverOf(config: EmailConfig, global: GlobalConfig): { host: string; port: number } {
  const text = config.smarthost ?? global.smtp_smarthost ?? '';
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text);
  if (!match)
    throw new Error(
      `cannot send e-mail: smarthost is "${text}"; write host:port there, or in smtp_smarthost under global`,
    );
  return { host: match[1] ?? match[2]!, port: Number(match[3]) };
}

function authentication(config: EmailConfig, global: GlobalConfig, folder: string) {
  const user = config.auth_username ?? global.smtp_auth_username;
  if (!user) return {};
  const from = (file: string | undefined) => file && readSecretFile(file, folder);
  const own = config.auth_password?.reveal() ?? from(config.auth_password_file);
  const password = own ?? global.smtp_auth_password?.reveal() ?? from(global.smtp_auth_password_file);
  if (password !== undefined) return { auth: { user, pass: password } };
  const ownKey = config.auth_secret?.reveal() ?? from(config.auth_secret_file);
  const key = ownKey ?? global.smtp_auth_secret?.reveal() ?? from(global.smtp_auth_secret_file);
  return { auth: { user, pass: key ?? '' }, authMethod: 'CRAM-MD5' };
}

/** Mails about one group refer to the same message, of which there is a new one a day where that is asked for. */
function threadHeaders({ threading }: EmailConfig, groupKey: string, now: number): Record<string, string> {
  if (!threading.enabled) return {};
  const day = threading.thread_by_date === 'daily' ? `-${new Date(now).toISOString().slice(0, 10)}` : '';
  const group = createHash('sha256').update(groupKey).digest('hex').slice(0, 32);
  const id = `<group-${group}${day}@paddlewatch>`;
  return { references: id, 'in-reply-to': id };
}
