import type { Labels } from '../api/frame.ts';
import './label-set.css';

/** Labels as small tags, in the order of their names; `without` are those that stand elsewhere already. */
export function LabelSet({ labels, without = [] }: { labels: Labels; without?: readonly string[] }) {
  const shown = Object.entries(labels)
    .filter(([name]) => !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <ul className="labels">
      {shown.map(([name, value]) => (
        <li key={name}>
          <span className="label-name">{name}</span>
          {value}
        </li>
      ))}
    </ul>
  );
}
