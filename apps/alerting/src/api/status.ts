import type { App } from '../app.ts';

/** What `/api/v2/status` answers. There is one instance and no cluster, which Alertmanager calls disabled. */
export function getStatus(app: App) {
  return {
    cluster: { peers: [], status: 'disabled' },
    config: { original: app.assembly.loaded.published },
    uptime: new Date(app.startedAt).toISOString(),
    versionInfo: {
      branch: '',
      buildDate: '',
      buildUser: '',
      goVersion: `node ${process.versions.node}`,
      revision: '',
      version: 'paddlewatch',
    },
  };
}
