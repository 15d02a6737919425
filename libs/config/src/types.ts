import {
  type AnchoredRegexp,
  compileRegexp,
  isLegacyLabelName,
  type Labels,
  labelsFrom,
  parseDuration,
} from '@paddlewatch/model';
import { z } from 'zod';

/** A schema of texts that `parse` reads; what it throws becomes the fault's message. */
export function parsed<T>(type: string, parse: (text: string) => T) {
  return z
    .string()
    .meta({ type })
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    });
}

/** A Prometheus duration (`1m30s`), as milliseconds. */
export const duration = parsed('duration', (text) => {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new SyntaxError(`${(error as Error).message}; write numbers with units, such as 30s, 5m, 1h30m`);
  }
});

/** A RE2 regular expression, matched against whole texts. */
export const regexp = parsed('regex', (text): AnchoredRegexp => compileRegexp(text));

export const url = parsed('url', (text) => {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    throw new SyntaxError(`"${text}" is not a URL; write it in full, such as http://host:9090/path`);
  return address;
});

/** Binary units whether or not they bear an i: `1KB` is 1024 bytes, as Prometheus counts. `0` for no limit. */
export const byteSize = parsed('size', (text) => {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGTPE]?i?)B?$/i.exec(text);
  if (!match)
    throw new SyntaxError(`"${text}" is not a size; write a number with a unit, such as 512KB or 10MB`);
  return Math.floor(Number(match[1]) * 1024 ** ('KMGTPE'.indexOf(match[2]![0]?.toUpperCase() ?? '-') + 1));
});

export const labelName = parsed('label name', (text) => {
  if (text === '') throw new SyntaxError('a label name cannot be empty');
  return text;
});

/** A label name of the old alphabet, where newer ones cannot be written: targets of relabelling, templates. */
export const legacyLabelName = parsed('label name', (text) => {
  if (!isLegacyLabelName(text))
    throw new SyntaxError(`"${text}" is not a label name; use letters, digits and _, no digit first`);
  return text;
});

/** A map of label names to values; an empty value is no label. */
export const labels = z.record(z.string().min(1, 'a label name cannot be empty'), z.string());

export const labelSet = labels.transform((record): Labels => labelsFrom(record));
