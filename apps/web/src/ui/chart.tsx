import { type CSSProperties, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { latest } from '../api/frame.ts';
import { axisTexts, quantityText, type Unit } from '../format/quantity.ts';
import { clock, day, timeAxisTexts } from '../format/time.ts';
import './chart.css';
import { inkCount, useInks } from './inks.ts';

export interface Line {
  label: string;
  /** Place in the palette: the same version has the same colour in every chart. */
  ink: number;
  /** Tells lines of one colour apart, for eyes that see no colour too. */
  stroke?: 'solid' | 'dashed' | 'dotted';
  values: (number | null)[];
}

interface ChartProps {
  times: readonly number[];
  lines: readonly Line[];
  unit: Unit;
  height?: number;
  /** The y axis reaches at least this far, so that noise near zero does not look like a mountain. */
  leastTop?: number;
  /** So many entries stand in one row of the legend; otherwise they flow. */
  legendColumns?: number;
  /** A drag over the chart chose this range, in seconds. */
  onZoom?: (fromS: number, toS: number) => void;
}

const dashes = { solid: [], dashed: [6, 4], dotted: [2, 3] };
const axisFont = '11px system-ui, sans-serif';

/** Lines over time. All charts of a page share one cursor; gaps stay gaps; the legend tells values at the cursor. */
export function Chart({ times, lines, unit, height = 180, leastTop = 0, legendColumns, onZoom }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [at, setAt] = useState<number | null>(null);
  const inks = useInks();
  const zoom = useEffectEvent((fromS: number, toS: number) => onZoom?.(fromS, toS));
  const data = useMemo(
    () => [times, ...lines.map((line) => line.values)] as uPlot.AlignedData,
    [times, lines],
  );
  const shape = lines.map((line) => `${line.label}/${line.ink}/${line.stroke}`).join('|');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the lines; new values come by setData.
  useEffect(() => {
    const room = place.current!;
    const created = new uPlot(
      {
        width: room.clientWidth,
        height,
        padding: [6, 8, 0, 0],
        legend: { show: false },
        cursor: {
          // The cursor is shared; a drag is the business of the chart under it alone.
          sync: { key: 'page', filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
          y: false,
          points: { size: 6 },
          drag: { x: true, y: false, setScale: false },
        },
        scales: { y: { range: (_, __, max) => [0, niceTop(Math.max(max ?? 0, leastTop))] } },
        axes: [
          {
            stroke: inks.muted,
            font: axisFont,
            grid: { show: false },
            ticks: { stroke: inks.line, size: 4 },
            values: (_, ticks, __, ___, step) => timeAxisTexts(ticks, step),
            space: 64,
            size: 28,
          },
          {
            stroke: inks.muted,
            font: axisFont,
            grid: { stroke: inks.line, width: 1 },
            ticks: { show: false },
            values: (_, ticks) => axisTexts(ticks, unit),
            space: 36,
            size: 54,
          },
        ],
        series: [
          {},
          ...lines.map(({ label, ink, stroke = 'solid' }) => ({
            label,
            stroke: inks.series(ink),
            width: 1.5,
            dash: dashes[stroke],
            points: { show: false, size: 4, fill: inks.series(ink), filter: lonelyPoints },
          })),
        ],
        hooks: {
          setCursor: [(self) => setAt(self.cursor.idx ?? null)],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width > 6) zoom(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
              self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            },
          ],
        },
      },
      data,
      room,
    );
    plot.current = created;
    const resized = new ResizeObserver(() => created.setSize({ width: room.clientWidth, height }));
    resized.observe(room);
    return () => {
      resized.disconnect();
      created.destroy();
      plot.current = undefined;
    };
  }, [shape, unit, height, inks]);

  useEffect(() => plot.current?.setData(data), [data]);

  return (
    <div className="chart">
      <div className="chart-plot" ref={place} />
      <Legend times={times} lines={lines} unit={unit} at={at} columns={legendColumns} />
    </div>
  );
}

interface LegendProps {
  times: readonly number[];
  lines: readonly Line[];
  unit: Unit;
  at: number | null;
  columns?: number;
}

function Legend({ times, lines, unit, at, columns }: LegendProps) {
  const time = at === null ? undefined : times[at];
  return (
    <ul
      className={columns ? 'legend legend-grid' : 'legend'}
      style={columns ? ({ '--columns': columns } as CSSProperties) : undefined}
    >
      {lines.map((line) => (
        <li key={line.label}>
          <Swatch ink={line.ink} stroke={line.stroke} />
          <span className="legend-label">{line.label}</span>
          <span className="legend-value">
            {quantityText(at === null ? latest(line.values) : line.values[at], unit)}
          </span>
        </li>
      ))}
      {time !== undefined && (
        <li className="legend-time">
          {day(time * 1000).slice(5)} {clock(time * 1000)}
        </li>
      )}
    </ul>
  );
}

/** The mark of a line in legends and tables: a piece of the line itself. */
export function Swatch({ ink, stroke = 'solid' }: { ink: number; stroke?: Line['stroke'] }) {
  return (
    <svg className={`swatch ink-${ink % inkCount}`} viewBox="0 0 16 4" aria-hidden="true">
      <line x1="0" x2="16" y1="2" y2="2" strokeDasharray={dashes[stroke].join(' ')} />
    </svg>
  );
}

/** A point without neighbours has no line through it; without a dot it would be invisible. */
function lonelyPoints(self: uPlot, series: number): number[] | null {
  const values = self.data[series]!;
  const lonely: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) lonely.push(i);
  }
  return lonely.length > 0 ? lonely : null;
}

/** A little air above the highest value. */
function niceTop(max: number): number {
  return max > 0 ? max * 1.08 : 1;
}
