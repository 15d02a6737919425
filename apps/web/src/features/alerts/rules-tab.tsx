import { type Rule, type RuleGroup, ruleGroups } from '../../api/rules.ts';
import { setParams, usePlace } from '../../app/location.ts';
import { useNow } from '../../app/use-now.ts';
import { usePoll } from '../../app/use-poll.ts';
import { quantityText } from '../../format/quantity.ts';
import { Choice } from '../../ui/choice.tsx';
import { Empty, Trouble } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useWords } from '../../words/language.ts';
import { RuleItem } from './rule-item.tsx';
import './rules-tab.css';

const filters = ['all', 'firing', 'pending', 'inactive'] as const;
type Filter = (typeof filters)[number];

/** Rule groups as they are loaded, each rule with its state; the filter and the search stand in the URL. */
export function RulesTab({ refreshMs }: { refreshMs: number }) {
  const words = useWords().alerts;
  const { search } = usePlace();
  const { data, fault, at, again } = usePoll('rules', refreshMs, ruleGroups);
  const filter = filters.find((name) => name === search.get('state')) ?? 'all';
  const text = search.get('search') ?? '';
  const groups = data ? filterGroups(data, filter, text) : [];
  return (
    <>
      {fault && <Trouble fault={fault} at={at} again={again} />}
      {data && data.length > 0 && (
        <div className="rules-bar">
          <Choice<Filter>
            label={words.tabs.rules}
            options={filters.map((value) => ({
              value,
              text: value === 'all' ? words.all : words.state[value],
              count: countOf(data, value),
            }))}
            value={filter}
            onChoose={(name) => setParams({ state: name === 'all' ? undefined : name })}
          />
          <input
            type="search"
            aria-label={words.search}
            placeholder={words.search}
            value={text}
            onChange={(event) => setParams({ search: event.target.value }, 'replace')}
          />
        </div>
      )}
      {data?.length === 0 && <Empty title={words.noRules}>{words.noRulesHint}</Empty>}
      {data && data.length > 0 && groups.length === 0 && <Empty title={words.nothingFits} />}
      <div className="rule-groups">
        {groups.map((group) => (
          <Group key={`${group.file}/${group.name}`} group={group} />
        ))}
      </div>
    </>
  );
}

function Group({ group }: { group: RuleGroup }) {
  const words = useWords();
  const now = useNow();
  const hint = [
    words.alerts.every(words.time.span(group.interval * 1000)),
    words.alerts.took(quantityText(group.evaluationTime, 'seconds')),
  ].join(' · ');
  const evaluated = Date.parse(group.lastEvaluation);
  return (
    <Panel
      name={`group-${group.name}`}
      title={group.name}
      hint={hint}
      state="ready"
      aside={
        <span className="quiet" title={group.file}>
          {words.alerts.lastEvaluation(
            evaluated > 0 ? words.time.ago(Math.max(0, now - evaluated)) : words.time.never,
          )}
        </span>
      }
    >
      <ul className="rules">
        {group.rules.map((rule) => (
          <RuleItem key={`${rule.type}/${rule.name}/${rule.query}`} rule={rule} />
        ))}
      </ul>
    </Panel>
  );
}

function stateOf(rule: Rule): string {
  return rule.type === 'alerting' ? rule.state : 'recording';
}

function countOf(groups: readonly RuleGroup[], filter: Filter): number {
  const rules = groups.flatMap((group) => group.rules);
  return filter === 'all' ? rules.length : rules.filter((rule) => stateOf(rule) === filter).length;
}

function filterGroups(groups: readonly RuleGroup[], filter: Filter, text: string): RuleGroup[] {
  const wanted = text.toLowerCase();
  return groups
    .map((group) => ({
      ...group,
      rules: group.rules.filter(
        (rule) =>
          (filter === 'all' || stateOf(rule) === filter) &&
          `${rule.name} ${rule.query} ${JSON.stringify(rule.labels ?? {})}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter((group) => group.rules.length > 0);
}
