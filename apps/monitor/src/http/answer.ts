/** The headers that somebody here looks at; the others of an answer are passed over. */
export const answerHeaders = [
  'location',
  'connection',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
] as const;

/** Where a header came more than once, its values are joined by commas. */
export type AnswerHeaders = { readonly [name in (typeof answerHeaders)[number]]?: string };

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: AnswerHeaders;
  /** As it came over the wire. */
  readonly body: Buffer;
}

export class BodyLimitError extends Error {
  override readonly name = 'BodyLimitError';

  constructor(maxBytes: number) {
    super(`the body reaches the body_size_limit of ${maxBytes} bytes`);
  }
}
