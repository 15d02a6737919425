import { authorization, basicAuth, httpHeader, tlsConfig, url } from '@paddlewatch/config';
import { z } from 'zod';
import { unbuiltClient } from './unbuilt.ts';

/** How a channel speaks HTTP. */
export const httpConfig = z
  .strictObject({
    basic_auth: basicAuth.optional(),
    authorization: authorization.optional(),
    tls_config: tlsConfig.optional(),
    proxy_url: url.optional(),
    follow_redirects: z.boolean().default(true),
    enable_http2: z.boolean().default(true),
    http_headers: z.record(z.string(), httpHeader).default({}),
    ...unbuiltClient,
  })
  .refine(
    ({ basic_auth, authorization }) => !(basic_auth && authorization),
    'write only one of basic_auth and authorization',
  );

export type HttpConfig = z.output<typeof httpConfig>;
