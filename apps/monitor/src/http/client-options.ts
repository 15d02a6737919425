import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { Secret } from '@paddlewatch/config';

/** The settings of a client, as a scrape job or a discovery writes them inline. */
export interface ClientConfig {
  readonly basic_auth?: {
    readonly username: string;
    readonly username_file?: string;
    readonly password?: Secret;
    readonly password_file?: string;
  };
  readonly authorization?: {
    readonly type: string;
    readonly credentials?: Secret;
    readonly credentials_file?: string;
  };
  readonly bearer_token?: Secret;
  readonly bearer_token_file?: string;
  readonly tls_config: {
    readonly ca?: string;
    readonly ca_file?: string;
    readonly cert?: string;
    readonly cert_file?: string;
    readonly key?: Secret;
    readonly key_file?: string;
    readonly server_name?: string;
    readonly insecure_skip_verify: boolean;
    readonly min_version?: TlsVersion;
    readonly max_version?: TlsVersion;
  };
  readonly follow_redirects: boolean;
  readonly http_headers: Readonly<
    Record<
      string,
      {
        readonly values: readonly string[];
        readonly secrets: readonly Secret[];
        readonly files: readonly string[];
      }
    >
  >;
}

type TlsVersion = 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';

/** Headers that the settings ask for. Files are read at each call, so that rotated secrets are taken up. */
export async function configuredHeaders(config: ClientConfig): Promise<Record<string, string | string[]>> {
  const headers: Record<string, string | string[]> = {};
  const authorization = await authorizationOf(config);
  if (authorization) headers['authorization'] = authorization;
  for (const [name, { values, secrets, files }] of Object.entries(config.http_headers)) {
    const read = await Promise.all(files.map(textOf));
    headers[name.toLowerCase()] = [...values, ...secrets.map((secret) => secret.reveal()), ...read];
  }
  return headers;
}

/** Whether the headers may differ from one call to the next. */
export function headersRotate({ basic_auth: basic, ...config }: ClientConfig): boolean {
  const inHeaders = Object.values(config.http_headers).some(({ files }) => files.length > 0);
  const file = basic?.username_file ?? basic?.password_file ?? config.bearer_token_file;
  return inHeaders || (file ?? config.authorization?.credentials_file) !== undefined;
}

async function authorizationOf(config: ClientConfig): Promise<string | undefined> {
  const { basic_auth: basic, authorization } = config;
  if (basic) {
    const username = basic.username_file ? await textOf(basic.username_file) : basic.username;
    const password = await secretOf(basic.password, basic.password_file);
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  if (authorization) {
    return `${authorization.type} ${await secretOf(authorization.credentials, authorization.credentials_file)}`;
  }
  if (!config.bearer_token && !config.bearer_token_file) return undefined;
  return `Bearer ${await secretOf(config.bearer_token, config.bearer_token_file)}`;
}

/** Files are read once, when the client is made. */
export async function tlsOptions({ tls_config: tls }: ClientConfig): Promise<ConnectionOptions> {
  return {
    // Names that are undefined would stand in the way of the platform's defaults.
    ...(tls.min_version && { minVersion: tlsVersions[tls.min_version] }),
    ...(tls.max_version && { maxVersion: tlsVersions[tls.max_version] }),
    ca: tls.ca ?? (await optionalText(tls.ca_file)),
    cert: tls.cert ?? (await optionalText(tls.cert_file)),
    key: tls.key?.reveal() ?? (await optionalText(tls.key_file)),
    servername: tls.server_name,
    rejectUnauthorized: !tls.insecure_skip_verify,
  };
}

const tlsVersions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

async function secretOf(secret: Secret | undefined, file: string | undefined): Promise<string> {
  return secret?.reveal() ?? (file ? textOf(file) : '');
}

async function optionalText(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : readFile(file, 'utf8');
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}
