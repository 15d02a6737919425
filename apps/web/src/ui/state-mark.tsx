export type Mark = 'firing' | 'pending' | 'good' | 'unknown' | 'muted';

/** Shapes differ as much as colours do: a triangle warns, a half-filled ring waits, a disc is well. */
const shapes: Readonly<Record<Mark, React.ReactNode>> = {
  firing: <path d="M8 1.8 15 14H1z" fill="currentColor" />,
  pending: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M8 2.2a5.8 5.8 0 0 1 0 11.6z" fill="currentColor" />
    </>
  ),
  good: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  unknown: (
    <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 2.4" />
  ),
  muted: <path d="M2.5 6.8h11v2.4h-11z" fill="currentColor" />,
};

export function StateMark({ mark, label }: { mark: Mark; label?: string }) {
  return (
    <span className={`state state-${mark}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {shapes[mark]}
      </svg>
      {label}
    </span>
  );
}
