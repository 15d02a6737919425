export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case; where a name came more than once, its values joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came over the wire. */
  readonly body: Buffer;
}

export class BodyLimitError extends Error {
  override readonly name = 'BodyLimitError';

  constructor(maxBytes: number) {
    super(`the body reaches the body_size_limit of ${maxBytes} bytes`);
  }
}
