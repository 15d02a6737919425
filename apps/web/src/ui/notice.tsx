import type { ReactNode } from 'react';
import type { ApiFault } from '../api/request.ts';
import { clock } from '../format/time.ts';
import { useWords } from '../words/language.ts';
import './notice.css';
import { StateMark } from './state-mark.tsx';

/** A quiet sentence where something could stand and nothing does: what is so, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <div className="empty-hint">{children}</div>}
    </div>
  );
}

interface TroubleProps {
  fault: ApiFault;
  /** When the data beside this notice arrived; undefined: there is none. */
  at?: number;
  again: () => void;
}

/** Why the newest answer is missing. The four kinds of fault never look alike. */
export function Trouble({ fault, at, again }: TroubleProps) {
  const { trouble } = useWords();
  const hint = {
    unreachable: trouble.unreachableHint,
    starting: trouble.startingHint,
    absent: '',
    refused: '',
  }[fault.kind];
  return (
    <div className={`trouble trouble-${fault.kind}`} role="alert" data-fault={fault.kind}>
      <StateMark mark={fault.kind === 'starting' ? 'pending' : 'firing'} />
      <div>
        <p className="trouble-title">{trouble[fault.kind]}</p>
        <p>
          {hint} {at !== undefined && trouble.showing(clock(at))}
        </p>
        <p className="trouble-detail">{fault.message}</p>
      </div>
      <button type="button" onClick={again}>
        {trouble.retry}
      </button>
    </div>
  );
}
