import type { BuildInfo } from './api/surroundings.ts';

/**
 * What `/api/v1/status/buildinfo` answers. Clients decide by the version what the server can do, so it names the
 * Prometheus whose interfaces are spoken; `buildUser` says who speaks.
 */
export const buildInfo: BuildInfo = {
  version: '3.14.0',
  revision: '',
  branch: '',
  buildUser: 'paddlewatch',
  buildDate: '',
  goVersion: `node ${process.version}`,
};
