import { type FSWatcher, watch } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadYaml } from '@paddlewatch/config';
import { z } from 'zod';
import { targetGroup } from '../config/discovery.ts';
import type { DiscoveryConfig, Provider, ProviderContext, TargetGroup } from './provider.ts';

/** Editors and config maps write a file in several steps; one reading is enough for all of them. */
const settleMs = 100;

/** Targets in YAML or JSON files, read again when the files change and every `refresh_interval`. */
export function fileProvider(
  config: DiscoveryConfig['file_sd_configs'][number],
  context: ProviderContext,
): Provider {
  return new FileProvider(
    config.files.map((file) => path.resolve(context.folder, file)),
    config.refresh_interval,
    context,
  );
}

class FileProvider implements Provider {
  readonly #patterns: readonly string[];
  readonly #refreshMs: number;
  readonly #context: ProviderContext;
  #groups = new Map<string, readonly TargetGroup[]>();
  #watchers: FSWatcher[] = [];
  #cancelRead = () => {};
  #stopped = false;

  constructor(patterns: readonly string[], refreshMs: number, context: ProviderContext) {
    this.#patterns = patterns;
    this.#refreshMs = refreshMs;
    this.#context = context;
  }

  start(update: (groups: readonly TargetGroup[]) => void): void {
    const read = () => {
      this.#read()
        .then(() => this.#stopped || update([...this.#groups.values()].flat()))
        .catch(this.#context.onError)
        .finally(() => this.#readAfter(this.#refreshMs, read));
    };
    for (const folder of new Set(this.#patterns.map((pattern) => path.dirname(pattern)))) {
      this.#watch(folder, () => this.#readAfter(settleMs, read));
    }
    read();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRead();
    for (const watcher of this.#watchers) watcher.close();
  }

  #readAfter(ms: number, read: () => void): void {
    this.#cancelRead();
    if (!this.#stopped) this.#cancelRead = this.#context.clock.after(ms, read);
  }

  #watch(folder: string, changed: () => void): void {
    try {
      const watcher = watch(folder, { persistent: false }, changed);
      watcher.on('error', this.#context.onError);
      this.#watchers.push(watcher);
    } catch (error) {
      // The folder may come later: the refresh interval finds it.
      this.#context.onError(
        new Error(`cannot watch ${folder}: ${(error as Error).message}`, { cause: error }),
      );
    }
  }

  async #read(): Promise<void> {
    const groups = new Map<string, readonly TargetGroup[]>();
    for await (const file of glob([...this.#patterns])) {
      groups.set(file, await this.#readFile(file));
    }
    this.#groups = groups;
  }

  /** The groups of a file; those it had before where it cannot be read now. */
  async #readFile(file: string): Promise<readonly TargetGroup[]> {
    try {
      const groups = loadYaml(z.array(targetGroup), await readFile(file, 'utf8'), file);
      return groups.map(({ targets, labels }) => ({ targets, labels: { ...labels, __meta_filepath: file } }));
    } catch (error) {
      this.#context.onError(error as Error);
      return this.#groups.get(file) ?? [];
    }
  }
}
