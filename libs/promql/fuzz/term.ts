/** What a piece of a query may be exchanged for when a failing one is made smaller. */
export type TermType = 'scalar' | 'vector' | 'matrix' | 'modifier' | 'word';

/** A random query as pieces of text and smaller terms: it can be written, and cut down. */
export interface Term {
  readonly type: TermType;
  readonly parts: readonly (string | Term)[];
}

export function term(type: TermType, ...parts: (string | Term)[]): Term {
  return { type, parts };
}

export function textOf({ parts }: Term): string {
  return parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
}

/** All terms that are a little smaller, the smallest first. */
export function* smaller(root: Term): Generator<Term> {
  const size = textOf(root).length;
  const seen = new Set<string>();
  const found = [...cuts(root)].map((cut) => ({ cut, text: textOf(cut) }));
  for (const { cut, text } of found.sort((a, b) => a.text.length - b.text.length)) {
    if (text.length >= size || seen.has(text)) continue;
    seen.add(text);
    yield cut;
  }
}

function* cuts(root: Term): Generator<Term> {
  if (root.type === 'modifier') yield term('modifier');
  if (root.type === 'scalar') yield term('scalar', '1');
  for (const inner of descendants(root)) if (inner.type === root.type) yield inner;
  for (const [i, part] of root.parts.entries()) {
    if (typeof part === 'string') continue;
    for (const cut of cuts(part)) yield { ...root, parts: root.parts.with(i, cut) };
  }
}

/** Every term inside, outermost first. */
export function* descendants({ parts }: Term): Generator<Term> {
  for (const part of parts)
    if (typeof part !== 'string') {
      yield part;
      yield* descendants(part);
    }
}
