/** One fault of a configuration text. The line counts from 1. */
export interface Fault {
  readonly line: number;
  /** What is wrong and the cure. */
  readonly message: string;
}

/** A configuration that cannot be used; the message has one `file:line: what is wrong and the cure` for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string;
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[]) {
    const sorted = [...faults].sort((a, b) => a.line - b.line);
    super(sorted.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'));
    this.file = file;
    this.faults = sorted;
  }
}
