import type { ApiFault } from '../../api/request.ts';
import { Trouble } from '../../ui/notice.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';
import { faultPlace } from './query-fault.ts';

interface QueryTroubleProps {
  query: string;
  fault: ApiFault;
  again: () => void;
}

/** What is wrong with a query, with the place marked where the server names one. */
export function QueryTrouble({ query, fault, again }: QueryTroubleProps) {
  const words = useWords().explore;
  if (fault.kind !== 'refused') return <Trouble fault={fault} again={again} />;
  const place = faultPlace(fault.message, query);
  return (
    <div className="query-trouble" role="alert" data-panel="query-trouble" data-state="failed">
      <StateMark mark="firing" label={words.errorTitle} />
      {place && (
        <pre>
          {place.before}
          <mark>{place.at || ' '}</mark>
          {place.after}
        </pre>
      )}
      <p>{place?.message ?? fault.message}</p>
    </div>
  );
}
