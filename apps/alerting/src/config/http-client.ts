import { secret, url } from '@paddlewatch/config';
import { z } from 'zod';
import { unbuiltClient } from './unbuilt.ts';

export const tlsConfig = z.strictObject({
  ca: z.string().optional(),
  ca_file: z.string().optional(),
  cert: z.string().optional(),
  cert_file: z.string().optional(),
  key: secret.optional(),
  key_file: z.string().optional(),
  server_name: z.string().optional(),
  insecure_skip_verify: z.boolean().default(false),
  min_version: z.enum(['TLS10', 'TLS11', 'TLS12', 'TLS13']).optional(),
  max_version: z.enum(['TLS10', 'TLS11', 'TLS12', 'TLS13']).optional(),
});

export type TlsConfig = z.output<typeof tlsConfig>;

const basicAuth = z.strictObject({
  username: z.string().default(''),
  username_file: z.string().optional(),
  password: secret.optional(),
  password_file: z.string().optional(),
});

const authorization = z.strictObject({
  type: z.string().default('Bearer'),
  credentials: secret.optional(),
  credentials_file: z.string().optional(),
});

const header = z.strictObject({
  values: z.array(z.string()).default([]),
  secrets: z.array(secret).default([]),
  files: z.array(z.string()).default([]),
});

/** How a channel speaks HTTP. */
export const httpConfig = z
  .strictObject({
    basic_auth: basicAuth.optional(),
    authorization: authorization.optional(),
    tls_config: tlsConfig.optional(),
    proxy_url: url.optional(),
    follow_redirects: z.boolean().default(true),
    enable_http2: z.boolean().default(true),
    http_headers: z.record(z.string(), header).default({}),
    ...unbuiltClient,
  })
  .refine(
    ({ basic_auth, authorization }) => !(basic_auth && authorization),
    'write only one of basic_auth and authorization',
  );

export type HttpConfig = z.output<typeof httpConfig>;
