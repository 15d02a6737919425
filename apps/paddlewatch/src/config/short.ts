import { existsSync } from 'node:fs';
import path from 'node:path';
import { duration } from '@paddlewatch/config';
import { parseDuration } from '@paddlewatch/model';
import { z } from 'zod';

const target = z.string().regex(/^[^/]+$/, {
  error: ({ input }) => `"${input}" is not an address; write host:port, and what follows it as path`,
});

/** paddlewatch.yml: what a person has to say to watch a service. It expands into prometheus.yml and alertmanager.yml. */
const service = z.strictObject({
  name: z.string().min(1).describe('Name of the service: the job label of all its series.'),
  targets: z
    .array(target)
    .min(1, 'name at least one target, host:port')
    .describe('host:port of each instance.'),
  path: z.string().startsWith('/').default('/metrics').describe('Where the metrics are.'),
  scheme: z.enum(['http', 'https']).default('http'),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels put on every series.'),
});

const channel = z
  .strictObject({
    webhook: z.strictObject({ url: z.url() }).optional(),
    dingtalk: z
      .strictObject({
        url: z.url().describe('The robot, with its access_token.'),
        secret: z.string().optional().describe('The signing secret, where the robot asks for signatures.'),
        mobiles: z.array(z.string()).default([]).describe('Whom to mention, by mobile number.'),
        everyone: z.boolean().default(false).describe('Mention everyone.'),
      })
      .optional(),
    email: z
      .strictObject({
        to: z.string(),
        from: z.string(),
        smarthost: z.string().describe('host:port of the mail server.'),
        username: z.string().optional(),
        password: z.string().optional(),
        require_tls: z.boolean().default(true),
      })
      .optional(),
  })
  .refine((entry) => Object.values(entry).some((settings) => settings !== undefined), {
    error: 'write a channel here: webhook, dingtalk or email',
  });

/** A pattern may match nothing yet; a plain name without a file is a slip that would leave a service unwatched. */
const ruleFile = (folder: string) =>
  z.string().refine((name) => /[*?[{]/.test(name) || existsSync(path.resolve(folder, name)), {
    error: ({ input }) => `there is no file ${path.resolve(folder, String(input))}; correct the name`,
  });

const services = z
  .array(service)
  .min(1, 'name at least one service')
  .superRefine((all, context) => {
    const names = new Set(['paddlewatch']);
    for (const [i, { name }] of all.entries()) {
      const message =
        name === 'paddlewatch'
          ? 'Paddlewatch watches itself under this name; choose another'
          : `a second service "${name}"; rename one, or list all targets under one`;
      if (names.has(name)) context.addIssue({ code: 'custom', path: [i, 'name'], message });
      names.add(name);
    }
  });

/** The schema of a paddlewatch.yml in `folder`, where its relative file names start. */
export const shortConfig = (folder: string) =>
  z.strictObject({
    services: services.describe('What to watch.'),
    scrape_interval: duration
      .default(parseDuration('15s'))
      .describe('How often metrics are read and rules evaluated.'),
    rules: z
      .array(ruleFile(folder))
      .default([])
      .describe(
        'Rule files (globs, relative to this file). Default: the built-in rules for Paddle services.',
      ),
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

export type ShortConfig = z.infer<ReturnType<typeof shortConfig>>;
export type Service = ShortConfig['services'][number];
export type Channel = ShortConfig['notify'][number];
