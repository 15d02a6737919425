import { type FormEvent, useState } from 'react';
import type { Labels } from '../../api/frame.ts';
import { type ApiFault, asFault } from '../../api/request.ts';
import { createSilence } from '../../api/silences.ts';
import { setParams } from '../../app/location.ts';
import { parseSpan } from '../../format/time.ts';
import { Trouble } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useWords } from '../../words/language.ts';
import { fits, type MatcherDraft, type Operator, operators, toMatcher } from './matching.ts';

const lengths = ['30m', '1h', '2h', '4h', '8h', '1d', '3d', '7d'];
const rememberedName = 'paddlewatch.name';
const blank: MatcherDraft = { name: '', operator: '=', value: '' };

interface SilenceFormProps {
  start: MatcherDraft[];
  /** Labels of the alerts there are now: the form tells how many of them it will silence. */
  present: readonly Labels[];
  onDone: () => void;
}

export function SilenceForm({ start, present, onDone }: SilenceFormProps) {
  const words = useWords();
  const [drafts, setDrafts] = useState(start.length > 0 ? start : [blank]);
  const [lasts, setLasts] = useState('2h');
  const [createdBy, setCreatedBy] = useState(() => localStorage.getItem(rememberedName) ?? '');
  const [comment, setComment] = useState('');
  const [fault, setFault] = useState<ApiFault>();
  const filled = drafts.filter((draft) => draft.name !== '');
  const complete =
    filled.some((draft) => draft.value !== '') && createdBy.trim() !== '' && comment.trim() !== '';
  const hidden = filled.length === 0 ? 0 : present.filter((labels) => fits(filled, labels)).length;

  async function submit(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    localStorage.setItem(rememberedName, createdBy.trim());
    const startsAt = new Date();
    const endsAt = new Date(startsAt.getTime() + parseSpan(lasts)!);
    try {
      await createSilence(
        {
          matchers: filled.map(toMatcher),
          startsAt: startsAt.toISOString(),
          endsAt: endsAt.toISOString(),
          createdBy: createdBy.trim(),
          comment: comment.trim(),
        },
        AbortSignal.timeout(10_000),
      );
      onDone();
    } catch (cause) {
      setFault(asFault(cause));
    }
  }

  return (
    <Panel name="silence-form" title={words.alerts.newSilence} state="ready">
      <form className="silence-form" onSubmit={submit}>
        {fault && <Trouble fault={fault} again={submit} />}
        <fieldset>
          <legend>{words.alerts.matchers}</legend>
          <MatcherRows drafts={drafts} onChange={setDrafts} />
        </fieldset>
        <div className="silence-fields">
          <label>
            {words.alerts.lasts}
            <select value={lasts} onChange={(event) => setLasts(event.target.value)}>
              {lengths.map((length) => (
                <option key={length} value={length}>
                  {words.time.span(parseSpan(length)!)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.alerts.createdBy}
            <input
              value={createdBy}
              onChange={(event) => setCreatedBy(event.target.value)}
              autoComplete="name"
            />
          </label>
          <label className="wide">
            {words.alerts.comment}
            <input
              value={comment}
              placeholder={words.alerts.commentHint}
              onChange={(event) => setComment(event.target.value)}
            />
          </label>
        </div>
        <div className="silence-send">
          <button type="submit" className="primary" disabled={!complete}>
            {words.alerts.create}
          </button>
          <button type="button" onClick={() => setParams({ silence: undefined }, 'replace')}>
            {words.alerts.cancel}
          </button>
          <span className="quiet">
            {words.alerts.hides(hidden)}
            {!complete && ` · ${words.alerts.incomplete}`}
          </span>
        </div>
      </form>
    </Panel>
  );
}

interface MatcherRowsProps {
  drafts: readonly MatcherDraft[];
  onChange: (drafts: MatcherDraft[]) => void;
}

function MatcherRows({ drafts, onChange }: MatcherRowsProps) {
  const words = useWords().alerts;
  const change = (at: number, part: Partial<MatcherDraft>) =>
    onChange(drafts.map((draft, i) => (i === at ? { ...draft, ...part } : draft)));
  return (
    <>
      {drafts.map((draft, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place.
        <div className="matcher-row" key={i}>
          <input
            aria-label={words.matcherName}
            placeholder={words.matcherName}
            value={draft.name}
            onChange={(event) => change(i, { name: event.target.value.trim() })}
          />
          <select
            aria-label={words.operator}
            value={draft.operator}
            onChange={(event) => change(i, { operator: event.target.value as Operator })}
          >
            {operators.map((operator) => (
              <option key={operator}>{operator}</option>
            ))}
          </select>
          <input
            aria-label={words.matcherValue}
            placeholder={words.matcherValue}
            value={draft.value}
            onChange={(event) => change(i, { value: event.target.value })}
          />
          <button
            type="button"
            aria-label={words.removeMatcher}
            title={words.removeMatcher}
            disabled={drafts.length === 1}
            onClick={() => onChange(drafts.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" onClick={() => onChange([...drafts, blank])}>
        {words.addMatcher}
      </button>
    </>
  );
}
