import type { ApiFault } from '../../api/request.ts';
import { Empty, Trouble } from '../../ui/notice.tsx';
import { useWords } from '../../words/language.ts';

interface AlertmanagerTroubleProps {
  fault: ApiFault;
  at?: number;
  again: () => void;
}

/** A server without Alertmanager's API is no fault: a Prometheus alone has none. */
export function AlertmanagerTrouble({ fault, at, again }: AlertmanagerTroubleProps) {
  const words = useWords().alerts;
  if (fault.kind === 'absent') return <Empty title={words.noAlertmanager}>{words.noAlertmanagerHint}</Empty>;
  return <Trouble fault={fault} at={at} again={again} />;
}
