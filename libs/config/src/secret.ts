import { isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';

/** A text that prints as `<secret>` wherever it is not asked for by name: logs, JSON, error messages. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '<secret>';
  }

  toJSON(): string {
    return '<secret>';
  }
}

export const secret = z
  .string()
  .meta({ type: 'secret' })
  .transform((text) => new Secret(text));

/** The YAML text with every value that is a secret of the loaded `config` written as `<secret>`. */
export function maskSecrets(text: string, config: unknown): string {
  const hidden = new Set<string>();
  collect(config, hidden, new Set());
  const doc = parseDocument(text, { merge: true });
  if (hidden.size === 0) return text;
  visit(doc, {
    Scalar(key, node) {
      if (key !== 'key' && isScalar(node) && hidden.has(node.source ?? String(node.value)))
        node.value = '<secret>';
    },
  });
  return doc.toString({ lineWidth: 0 });
}

function collect(value: unknown, into: Set<string>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Secret) into.add(value.reveal());
  else
    for (const inner of value instanceof Map ? value.values() : Object.values(value))
      collect(inner, into, seen);
}
