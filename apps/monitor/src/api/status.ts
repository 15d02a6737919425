import { invalidParameter } from './api-error.ts';
import type { Endpoint } from './endpoint.ts';

export const alertmanagers: Endpoint = {
  path: '/alertmanagers',
  methods: 'GET',
  answer({ monitor }) {
    const { active, dropped } = monitor.alertmanagers();
    const listed = (urls: readonly string[]) => urls.map((url) => ({ url }));
    return { data: { activeAlertmanagers: listed(active), droppedAlertmanagers: listed(dropped) } };
  },
};

export const statusConfig: Endpoint = {
  path: '/status/config',
  methods: 'GET',
  answer: ({ monitor }) => ({ data: { yaml: monitor.status().configYaml } }),
};

export const statusFlags: Endpoint = {
  path: '/status/flags',
  methods: 'GET',
  answer: ({ monitor }) => ({ data: monitor.status().flags }),
};

export const statusRuntime: Endpoint = {
  path: '/status/runtimeinfo',
  methods: 'GET',
  answer: ({ monitor }) => ({ data: monitor.status().runtime }),
};

export const statusBuild: Endpoint = {
  path: '/status/buildinfo',
  methods: 'GET',
  answer: ({ monitor }) => ({ data: monitor.status().build }),
};

export const statusWalReplay: Endpoint = {
  path: '/status/walreplay',
  methods: 'GET',
  answer: ({ monitor }) => ({ data: monitor.status().walReplay }),
};

export const statusTsdb: Endpoint = {
  path: '/status/tsdb',
  methods: 'GET',
  async answer({ params, monitor, signal }) {
    const limit = params.text('limit') === '' ? 10 : params.limit();
    if (limit < 1 || limit > 10_000)
      throw invalidParameter('limit', 'limit must be a positive number up to 10000');
    const job = { kind: 'cardinality', limit, head: monitor.status().head } as const;
    return { bytes: await monitor.run(job, { timeout: monitor.queryTimeout, signal }) };
  },
};
