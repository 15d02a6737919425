import type { ReactNode } from 'react';
import './panel.css';

/** What a panel's data are: tests and screen readers wait for `ready`. */
export type PanelState = 'loading' | 'ready' | 'empty' | 'failed';

interface PanelProps {
  name: string;
  title: string;
  hint?: string;
  state: PanelState;
  aside?: ReactNode;
  children: ReactNode;
}

export function Panel({ name, title, hint, state, aside, children }: PanelProps) {
  return (
    <section className="panel" data-panel={name} data-state={state} aria-busy={state === 'loading'}>
      <header className="panel-head">
        <h2>{title}</h2>
        {hint && <span className="panel-hint">{hint}</span>}
        {aside && <span className="panel-aside">{aside}</span>}
      </header>
      {children}
    </section>
  );
}
