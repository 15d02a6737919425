import { SendError } from './channel.ts';

/** What a chat's codes mean; the answer's HTTP status is 200 whether or not the message was taken. */
export interface AnswerCodes {
  readonly chat: string;
  /** Where the code and its text stand. */
  readonly code: readonly string[];
  readonly text: readonly string[];
  readonly retryable: readonly number[];
  /** Codes that say «too fast», and how long to keep still then, milliseconds. */
  readonly tooFast: readonly number[];
  readonly pause: number;
}

/** @throws SendError unless the answer's code is 0. */
export function checkAnswer(body: string, codes: AnswerCodes): void {
  const answer = parse(body, codes.chat);
  const code = codes.code.map((name) => answer[name]).find((value) => typeof value === 'number');
  if (code === 0) return;
  if (code === undefined)
    throw new SendError(`${codes.chat} answered without a code: ${body.slice(0, 200)}`, { retryable: true });
  const text = codes.text.map((name) => answer[name]).find((value) => typeof value === 'string') ?? '';
  const tooFast = codes.tooFast.includes(code);
  throw new SendError(`${codes.chat} refused the message: ${code} ${text}`, {
    retryable: tooFast || codes.retryable.includes(code),
    retryAfter: tooFast ? codes.pause : 0,
  });
}

function parse(body: string, chat: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // Falls through to the same answer as JSON that is no object.
  }
  throw new SendError(`${chat} answered with something that is not its JSON: ${body.slice(0, 200)}`, {
    retryable: true,
  });
}
