import { duration } from '@paddlewatch/config';
import { parseDuration } from '@paddlewatch/model';
import { z } from 'zod';

/** paddlewatch.yml: what a person has to say to watch a service. It expands into prometheus.yml and alertmanager.yml. */
const service = z.strictObject({
  name: z.string().min(1).describe('Name of the service: the job label of all its series.'),
  targets: z.array(z.string().min(1)).min(1).describe('host:port of each instance.'),
  path: z.string().startsWith('/').default('/metrics').describe('Where the metrics are.'),
  scheme: z.enum(['http', 'https']).default('http'),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels put on every series.'),
});

const channel = z.union([
  z.strictObject({ webhook: z.strictObject({ url: z.url() }) }),
  z.strictObject({
    dingtalk: z.strictObject({
      url: z.url().describe('The robot, with its access_token.'),
      secret: z.string().optional().describe('The signing secret, where the robot asks for signatures.'),
      mobiles: z.array(z.string()).default([]).describe('Whom to mention, by mobile number.'),
      everyone: z.boolean().default(false).describe('Mention everyone.'),
    }),
  }),
  z.strictObject({
    email: z.strictObject({
      to: z.string(),
      from: z.string(),
      smarthost: z.string().describe('host:port of the mail server.'),
      username: z.string().optional(),
      password: z.string().optional(),
      require_tls: z.boolean().default(true),
    }),
  }),
]);

export const shortConfig = z.strictObject({
  services: z.array(service).min(1).describe('What to watch.'),
  scrape_interval: duration
    .default(parseDuration('15s'))
    .describe('How often metrics are read and rules evaluated.'),
  rules: z
    .array(z.string())
    .default([])
    .describe('Rule files (globs, relative to this file). Default: the built-in rules for Paddle services.'),
  notify: z.array(channel).default([]).describe('Where alerts go.'),
  group_wait: duration
    .default(parseDuration('30s'))
    .describe('How long to wait for further alerts before the first message.'),
  group_interval: duration
    .default(parseDuration('5m'))
    .describe('The least time between two messages about the same group.'),
  repeat_interval: duration
    .default(parseDuration('4h'))
    .describe('How often to remind of what is still firing.'),
});

export type ShortConfig = z.infer<typeof shortConfig>;
export type Service = ShortConfig['services'][number];
export type Channel = ShortConfig['notify'][number];
