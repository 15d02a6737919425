import { runtime } from '../../api/runtime.ts';
import { usePoll } from '../../app/use-poll.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';

const everyMs = 15_000;

/** On every page: what was changed on disk is not in force, and whoever changed it may believe that it is. */
export function ReloadTrouble() {
  const words = useWords().trouble;
  const { data } = usePoll('runtime', everyMs, runtime);
  if (!data || data.reloadConfigSuccess) return null;
  return (
    <div className="trouble" role="alert" data-notice="reload">
      <StateMark mark="firing" />
      <div>
        <p className="trouble-title">{words.reload}</p>
        <p>{words.reloadHint}</p>
        <p className="trouble-detail">{data.reloadConfigError}</p>
      </div>
    </div>
  );
}
