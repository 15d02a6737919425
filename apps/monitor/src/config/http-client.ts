import { parsed, secret } from '@paddlewatch/config';
import { z } from 'zod';
import { unbuilt } from './unbuilt.ts';

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

const basicAuth = z
  .strictObject({
    username: z.string().default(''),
    username_file: z.string().optional(),
    password: secret.optional(),
    password_file: z.string().optional(),
  })
  .refine((auth) => !(auth.password && auth.password_file), 'write password or password_file, not both')
  .refine((auth) => !(auth.username && auth.username_file), 'write username or username_file, not both');

const authorization = z
  .strictObject({
    type: z.string().default('Bearer'),
    credentials: secret.optional(),
    credentials_file: z.string().optional(),
  })
  .refine(
    (auth) => !(auth.credentials && auth.credentials_file),
    'write credentials or credentials_file, not both',
  )
  .refine(
    (auth) => auth.type.toLowerCase() !== 'basic',
    'write basic_auth instead of the authorization type Basic',
  );

const header = z.strictObject({
  values: z.array(z.string()).default([]),
  secrets: z.array(secret).default([]),
  files: z.array(z.string()).default([]),
});

/** Settings of an HTTP client, written inline in a scrape job, a discovery or an Alertmanager. */
export const httpClientKeys = {
  basic_auth: basicAuth.optional(),
  authorization: authorization.optional(),
  bearer_token: secret.optional().describe('older form of authorization.credentials'),
  bearer_token_file: z.string().optional().describe('older form of authorization.credentials_file'),
  tls_config: tlsConfig.prefault({}),
  follow_redirects: z.boolean().default(true),
  http_headers: z.record(z.string(), header).default({}),
  ...unbuilt.client,
};

/** At most one way to authenticate, as Prometheus demands. */
export function oneAuthentication(client: {
  basic_auth?: unknown;
  authorization?: unknown;
  bearer_token?: unknown;
  bearer_token_file?: unknown;
}): boolean {
  const ways = [client.basic_auth, client.authorization, client.bearer_token ?? client.bearer_token_file];
  return ways.filter((way) => way !== undefined).length <= 1;
}

export const oneAuthenticationMessage = 'write only one of basic_auth, authorization and bearer_token';

export const httpPath = parsed('path', (text) => (text.startsWith('/') ? text : `/${text}`));
