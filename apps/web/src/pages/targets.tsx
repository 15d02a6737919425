import { type Target, targets } from '../api/targets.ts';
import { setParams, usePlace } from '../app/location.ts';
import { useNow } from '../app/use-now.ts';
import { usePoll } from '../app/use-poll.ts';
import { parseView } from '../app/view.ts';
import { quantityText } from '../format/quantity.ts';
import { Choice } from '../ui/choice.tsx';
import { LabelSet } from '../ui/label-set.tsx';
import { Empty, Trouble } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { RefreshSelect } from '../ui/range-bar.tsx';
import { type Mark, StateMark } from '../ui/state-mark.tsx';
import { useWords } from '../words/language.ts';
import './targets.css';

const marks: Readonly<Record<Target['health'], Mark>> = { up: 'good', down: 'firing', unknown: 'unknown' };
const filters = ['all', 'down', 'up', 'unknown'] as const;
type Filter = (typeof filters)[number];

/** What is scraped, how it is, and what went wrong. */
export function TargetsPage() {
  const words = useWords();
  const { search } = usePlace();
  const view = parseView(search);
  const { data, fault, at, again } = usePoll('targets', view.refreshMs, targets);
  const filter = filters.find((name) => name === search.get('health')) ?? 'all';
  const count = (name: Filter) => data?.filter((target) => name === 'all' || target.health === name).length;
  const fitting = data?.filter((target) => filter === 'all' || target.health === filter) ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{words.targets.title}</h1>
        <Choice<Filter>
          label={words.targets.health}
          options={filters
            .filter((name) => name === 'all' || name === filter || count(name))
            .map((value) => ({ value, text: words.targets[value], count: count(value) }))}
          value={filter}
          onChoose={(name) => setParams({ health: name === 'all' ? undefined : name })}
        />
        <span className="spring" />
        <RefreshSelect view={view} />
      </div>
      {fault && <Trouble fault={fault} at={at} again={again} />}
      {data?.length === 0 && <Empty title={words.targets.none}>{words.targets.noneHint}</Empty>}
      {data && data.length > 0 && fitting.length === 0 && <Empty title={words.targets.nothingFits} />}
      <div className="pools">
        {[...Map.groupBy(fitting, (target) => target.scrapePool)].map(([pool, members]) => (
          <Pool key={pool} name={pool} members={members} />
        ))}
      </div>
    </>
  );
}

function Pool({ name, members }: { name: string; members: readonly Target[] }) {
  const words = useWords().targets;
  const up = members.filter((target) => target.health === 'up').length;
  return (
    <Panel name={`pool-${name}`} title={name} hint={words.upOf(up, members.length)} state="ready">
      <table className="targets">
        <thead>
          <tr>
            <th>{words.health}</th>
            <th>{words.target}</th>
            <th>{words.labels}</th>
            <th className="number">{words.lastScrape}</th>
            <th className="number">{words.duration}</th>
            <th className="number">{words.interval}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((target) => (
            <TargetRow key={target.scrapeUrl} target={target} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function TargetRow({ target }: { target: Target }) {
  const words = useWords();
  const now = useNow();
  const scraped = Date.parse(target.lastScrape);
  return (
    <tr>
      <td>
        <StateMark mark={marks[target.health]} label={words.targets[target.health]} />
      </td>
      <td>
        <a className="mono" href={target.scrapeUrl} rel="noreferrer">
          {target.scrapeUrl}
        </a>
        {target.lastError !== '' && <p className="target-error">{target.lastError}</p>}
      </td>
      <td>
        <LabelSet labels={target.labels} />
      </td>
      <td className="number" data-label={words.targets.lastScrape}>
        {scraped > 0 ? words.time.ago(Math.max(0, now - scraped)) : words.time.never}
      </td>
      <td className="number" data-label={words.targets.duration}>
        {scraped > 0 ? quantityText(target.lastScrapeDuration, 'seconds') : '–'}
      </td>
      <td
        className="number"
        data-label={words.targets.interval}
        title={words.targets.timeout(target.scrapeTimeout)}
      >
        {target.scrapeInterval}
      </td>
    </tr>
  );
}
