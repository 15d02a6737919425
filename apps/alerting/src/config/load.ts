import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadYaml, maskSecrets } from '@paddlewatch/config';
import { type AlertmanagerConfig, alertmanagerConfig } from './alertmanager.ts';
import { publishable } from './publishable.ts';

/** A configuration, its text as others may see it, and the folder that its relative file names start from. */
export interface LoadedConfig {
  readonly config: AlertmanagerConfig;
  readonly published: string;
  readonly folder: string;
}

/** @throws ConfigError with file and line; Error where the file cannot be read. */
export function loadConfigFile(file: string): LoadedConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot load configuration: ${(error as Error).message}`);
  }
  return loadConfigText(text, file);
}

/** @throws ConfigError naming `file` and the line. */
export function loadConfigText(text: string, file: string): LoadedConfig {
  const config = loadYaml(alertmanagerConfig, text, file);
  return {
    config,
    published: publishable(maskSecrets(text, config)),
    folder: path.dirname(path.resolve(file)),
  };
}
