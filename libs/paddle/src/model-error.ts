/** A model file that is damaged: the message names the file and the byte offset (or the place in the JSON text). */
export class CorruptModelError extends Error {
  override name = 'CorruptModelError';
}

/** A well-formed model that needs what the translation does not have; `faults` lists all of it, once each. */
export class UnsupportedModelError extends Error {
  override name = 'UnsupportedModelError';
  readonly faults: readonly string[];

  constructor(file: string, faults: readonly string[]) {
    super(`cannot load ${file}: not supported: ${faults.join('; ')}`);
    this.faults = faults;
  }
}
