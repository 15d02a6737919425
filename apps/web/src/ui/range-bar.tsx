import { setParams } from '../app/location.ts';
import { refreshes, spans, type View, viewParams } from '../app/view.ts';
import { formatSpan, moment, parseSpan } from '../format/time.ts';
import { useWords } from '../words/language.ts';
import { Choice } from './choice.tsx';

/** Which time is shown and how often it is renewed; a zoomed range stands still until «back to live». */
export function RangeBar({ view }: { view: View }) {
  const { time } = useWords();
  const choose = (change: Partial<View>) => setParams(viewParams({ ...view, ...change }));
  return (
    <>
      {view.endMs !== undefined && (
        <span className="quiet">
          {time.until(moment(view.endMs, Date.now()))}{' '}
          <button type="button" onClick={() => choose({ endMs: undefined, spanMs: parseSpan(spans[1]!)! })}>
            {time.backToLive}
          </button>
        </span>
      )}
      <Choice
        label={time.range}
        options={spans.map((text) => ({ value: text, text: time.span(parseSpan(text)!) }))}
        value={formatSpan(view.spanMs)}
        onChoose={(text) => choose({ spanMs: parseSpan(text)! })}
      />
      <RefreshSelect view={view} />
    </>
  );
}

export function RefreshSelect({ view }: { view: View }) {
  const { time } = useWords();
  return (
    <select
      aria-label={time.refresh}
      value={formatSpan(view.refreshMs)}
      onChange={(event) => setParams(viewParams({ ...view, refreshMs: parseSpan(event.target.value)! }))}
    >
      {refreshes.map((text) => (
        <option key={text} value={text}>
          {text === '0s' ? `${time.refresh}: ${time.off}` : time.every(time.span(parseSpan(text)!))}
        </option>
      ))}
    </select>
  );
}
