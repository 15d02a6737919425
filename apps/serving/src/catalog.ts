import type { TensorSpec } from '@paddlewatch/paddle';
import type { VersionMetrics } from './metrics.ts';
import type { VersionQueue } from './queue/version-queue.ts';
import { RequestError } from './request-error.ts';

/** A model version that is loaded and can be asked. */
export interface ServedVersion {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly queue: VersionQueue;
  readonly metrics: VersionMetrics;
}

/** The loaded versions by model; finds the one a request means. */
export class Catalog {
  readonly versions: readonly ServedVersion[];
  private readonly models = new Map<string, ServedVersion[]>();

  constructor(versions: readonly ServedVersion[]) {
    this.versions = versions;
    for (const served of versions) {
      const siblings = this.models.get(served.name);
      if (siblings) siblings.push(served);
      else this.models.set(served.name, [served]);
    }
    for (const siblings of this.models.values()) siblings.sort((a, b) => newestFirst(a.version, b.version));
  }

  /** Without a model: the only one; without a version: the newest, numbers in names compared as numbers. */
  find(model: string | undefined, version: string | undefined): ServedVersion {
    const siblings = this.models.get(model ?? this.onlyModel());
    if (siblings === undefined)
      throw new RequestError(
        'unknown_model',
        `cannot infer: there is no model "${model}"; ${this.choices()}`,
      );
    if (version === undefined) return siblings[0]!;
    const served = siblings.find((one) => one.version === version);
    if (served === undefined) {
      const versions = siblings.map((one) => one.version).join(', ');
      throw new RequestError(
        'unknown_version',
        `cannot infer: ${siblings[0]!.name} has no version "${version}"; it has ${versions}`,
      );
    }
    return served;
  }

  private onlyModel(): string {
    if (this.models.size !== 1)
      throw new RequestError('bad_request', `cannot infer: "model" is missing; ${this.choices()}`);
    return this.versions[0]!.name;
  }

  private choices(): string {
    return `there are: ${[...this.models.keys()].join(', ')}`;
  }
}

const collator = new Intl.Collator('en', { numeric: true });

function newestFirst(a: string, b: string): number {
  return collator.compare(b, a);
}
