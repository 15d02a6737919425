import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useWords } from '../../words/language.ts';

interface QueryFormProps {
  query: string;
  onRun: (query: string) => void;
}

/** The PromQL input. Enter runs; Shift+Enter breaks the line. */
export function QueryForm({ query, onRun }: QueryFormProps) {
  const words = useWords().explore;
  const [text, setText] = useState(query);
  function run(event: FormEvent): void {
    event.preventDefault();
    onRun(text.trim());
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) run(event);
  }
  return (
    <form className="query-form" onSubmit={run}>
      <textarea
        aria-label={words.query}
        title={words.runHint}
        placeholder={words.placeholder}
        rows={Math.min(10, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
      />
      <button type="submit" className="primary">
        {words.run}
      </button>
    </form>
  );
}
