import { z } from 'zod';
import { secret } from './secret.ts';

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

export const basicAuth = z
  .strictObject({
    username: z.string().default(''),
    username_file: z.string().optional(),
    password: secret.optional(),
    password_file: z.string().optional(),
  })
  .refine((auth) => !(auth.password && auth.password_file), 'write password or password_file, not both')
  .refine((auth) => !(auth.username && auth.username_file), 'write username or username_file, not both');

export const authorization = z
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

export const httpHeader = z.strictObject({
  values: z.array(z.string()).default([]),
  secrets: z.array(secret).default([]),
  files: z.array(z.string()).default([]),
});

export type TlsConfig = z.output<typeof tlsConfig>;
