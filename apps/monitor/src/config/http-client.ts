import { authorization, basicAuth, httpHeader, parsed, secret, tlsConfig } from '@paddlewatch/config';
import { z } from 'zod';
import { unbuilt } from './unbuilt.ts';

/** Settings of an HTTP client, written inline in a scrape job, a discovery or an Alertmanager. */
export const httpClientKeys = {
  basic_auth: basicAuth.optional(),
  authorization: authorization.optional(),
  bearer_token: secret.optional().describe('older form of authorization.credentials'),
  bearer_token_file: z.string().optional().describe('older form of authorization.credentials_file'),
  tls_config: tlsConfig.prefault({}),
  follow_redirects: z.boolean().default(true),
  http_headers: z.record(z.string(), httpHeader).default({}),
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
