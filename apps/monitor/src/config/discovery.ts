import { duration, labels, parsed, url } from '@paddlewatch/config';
import { z } from 'zod';
import { httpClientKeys, oneAuthentication, oneAuthenticationMessage } from './http-client.ts';
import { unbuilt } from './unbuilt.ts';

const address = parsed('host:port', (text) => {
  if (text.includes('/'))
    throw new SyntaxError(`"${text}" is not an address; write host:port without http:// and path`);
  return text;
});

/** Targets written in place; also what discovery files and HTTP discovery answer. */
export const targetGroup = z.strictObject({
  targets: z.array(address).default([]),
  labels: labels.default({}),
});

const watchedFile = parsed('file pattern', (text) => {
  if (!/^[^*]*(\*[^/]*)?\.(json|yml|yaml)$/i.test(text))
    throw new SyntaxError(
      `"${text}" cannot name target files; end it in .json, .yml or .yaml, with * only in the file name`,
    );
  return text;
});

const fileDiscovery = z.strictObject({
  files: z.array(watchedFile).min(1, 'name at least one file'),
  refresh_interval: duration.prefault('5m'),
});

const httpDiscovery = z
  .strictObject({ url, refresh_interval: duration.prefault('1m'), ...httpClientKeys })
  .refine(oneAuthentication, oneAuthenticationMessage);

/** Where targets come from: keys that scrape jobs and Alertmanagers share. */
export const discoveryKeys = {
  static_configs: z.array(targetGroup).default([]),
  file_sd_configs: z.array(fileDiscovery).default([]),
  http_sd_configs: z.array(httpDiscovery).default([]),
  ...unbuilt.discovery,
};
