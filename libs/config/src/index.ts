export type { Fault } from './config-error.ts';
export { ConfigError } from './config-error.ts';
export type { Setting } from './describe.ts';
export { describeSettings } from './describe.ts';
export type { TlsConfig } from './http-client.ts';
export { authorization, basicAuth, httpHeader, tlsConfig } from './http-client.ts';
export type { LoadOptions } from './load-yaml.ts';
export { loadYaml } from './load-yaml.ts';
export { maskSecrets, Secret, secret } from './secret.ts';
export {
  byteSize,
  duration,
  labelName,
  labelSet,
  labels,
  legacyLabelName,
  parsed,
  regexp,
  url,
} from './types.ts';
