import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadYaml } from '@paddlewatch/config';
import { stringify } from 'yaml';
import { z } from 'zod';
import { alertmanagerConfig, prometheusConfig, type Surroundings } from './expand.ts';
import { shortConfig } from './short.ts';

/** The two files that run the house. */
export interface ConfigFiles {
  readonly prometheus: string;
  readonly alertmanager: string;
}

const defaultRules = path.resolve(import.meta.dirname, '../../rules/paddle-service.yml');

/** The texts of prometheus.yml and alertmanager.yml that a short configuration stands for. */
export async function expandFile(
  file: string,
  origin: string,
): Promise<{ prometheus: string; alertmanager: string }> {
  const folder = path.dirname(path.resolve(file));
  const config = loadYaml(shortConfig(folder), await readConfig(file), file);
  const surroundings: Surroundings = {
    origin,
    folder,
    defaultRules: [defaultRules],
  };
  return {
    prometheus: stringify(prometheusConfig(config, surroundings)),
    alertmanager: stringify(alertmanagerConfig(config)),
  };
}

/**
 * The configuration files to run with: the user's own where they are Prometheus' and Alertmanager's, else what the
 * short paddlewatch.yml expands to, written into `folder` so that a person can read them and take them elsewhere.
 */
export async function configFiles(
  file: string,
  alertmanagerFile: string | undefined,
  folder: string,
  origin: string,
): Promise<ConfigFiles> {
  if (!(await isShort(file)))
    return { prometheus: file, alertmanager: alertmanagerFile ?? (await silent(folder)) };
  const texts = await expandFile(file, origin);
  const expanded = {
    prometheus: path.join(folder, 'prometheus.yml'),
    alertmanager: path.join(folder, 'alertmanager.yml'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(expanded.prometheus, texts.prometheus);
  await writeFile(expanded.alertmanager, texts.alertmanager);
  return { prometheus: expanded.prometheus, alertmanager: alertmanagerFile ?? expanded.alertmanager };
}

/** paddlewatch.yml is the one that names services; a file in which nothing stands is one that was not finished. */
async function isShort(file: string): Promise<boolean> {
  const document = loadYaml(z.unknown(), await readConfig(file), file);
  if (typeof document !== 'object' || document === null) return false;
  return 'services' in document || Object.keys(document).length === 0;
}

async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder; name a file in it',
    };
    throw new Error(`cannot read the configuration ${file}: ${reasons[code ?? ''] ?? message}`, {
      cause: error,
    });
  }
}

/** An Alertmanager configuration that keeps alerts and their history but tells nobody. */
async function silent(folder: string): Promise<string> {
  const file = path.join(folder, 'alertmanager.yml');
  await mkdir(folder, { recursive: true });
  await writeFile(file, stringify({ route: { receiver: 'none' }, receivers: [{ name: 'none' }] }));
  return file;
}
