import type { Target } from '../../api/targets.ts';
import { Link } from '../../app/link.tsx';
import { addressOf } from '../../app/location.ts';
import { useNow } from '../../app/use-now.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { useWords } from '../../words/language.ts';
import './targets-down.css';

/** Says that figures are missing because nobody can be asked: not the same as no traffic. */
export function TargetsDown({ targets }: { targets: readonly Target[] }) {
  const words = useWords();
  const now = useNow();
  const down = targets.filter((target) => target.health === 'down');
  if (down.length === 0) return null;
  return (
    <div className="targets-down" role="alert" data-notice="targets-down">
      <StateMark mark="firing" label={words.overview.targetsDown(down.length, targets.length)} />
      <ul>
        {down.slice(0, 3).map((target) => (
          <li key={target.scrapeUrl}>
            <code>{target.scrapeUrl}</code> {target.lastError}{' '}
            <span className="quiet">
              {words.overview.lastScrape(words.time.ago(now - Date.parse(target.lastScrape)))}
            </span>
          </li>
        ))}
      </ul>
      <Link to={addressOf('targets', 'health=down')}>{words.overview.toTargets}</Link>
    </div>
  );
}
