import { useSyncExternalStore } from 'react';
import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

export type Language = 'en' | 'zh';

const dictionaries: Readonly<Record<Language, Words>> = { en, zh };
const remembered = 'paddlewatch.language';
const listeners = new Set<() => void>();
let current: Language | undefined;

/** What the reader chose before, else the first of the browser's languages that the page speaks, else English. */
export function chooseLanguage(stored: string | null, preferred: readonly string[]): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  const known = preferred
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === 'en' || tag === 'zh');
  return known === 'zh' ? 'zh' : 'en';
}

export function language(): Language {
  current ??= chooseLanguage(localStorage.getItem(remembered), navigator.languages);
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(remembered, next);
  for (const hear of listeners) hear();
}

export function useLanguage(): Language {
  return useSyncExternalStore((hear) => {
    listeners.add(hear);
    return () => listeners.delete(hear);
  }, language);
}

export function useWords(): Words {
  return dictionaries[useLanguage()];
}
