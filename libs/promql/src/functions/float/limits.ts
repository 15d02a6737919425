import { maximum, minimum } from '../../extremes.ts';
import type { MapFunction } from './map-function.ts';

/** Keeps values between args[0] and args[1]; nothing where the bounds cross. */
export const clamp: MapFunction = (row, { args }) => {
  const [low, high] = args as [Float64Array, Float64Array];
  for (let k = 0; k < row.v.length; k++) {
    if (row.has[k] === 0) continue;
    if (high[k]! < low[k]!) row.remove(k);
    else row.v[k] = maximum(low[k]!, minimum(high[k]!, row.v[k]!));
  }
};

export const clampMin: MapFunction = ({ v, has }, { args }) => {
  for (let k = 0; k < v.length; k++) if (has[k] === 1) v[k] = maximum(args[0]![k]!, v[k]!);
};

export const clampMax: MapFunction = ({ v, has }, { args }) => {
  for (let k = 0; k < v.length; k++) if (has[k] === 1) v[k] = minimum(args[0]![k]!, v[k]!);
};

/** To the nearest multiple of args[0] (default 1), halves upwards. */
export const round: MapFunction = ({ v, has }, { args }) => {
  for (let k = 0; k < v.length; k++) {
    if (has[k] === 0) continue;
    // Multiplying by the inverse is what Prometheus does: 0.1 has no exact double, 10 has.
    const inverse = 1 / (args[0] ? args[0][k]! : 1);
    v[k] = Math.floor(v[k]! * inverse + 0.5) / inverse;
  }
};

/** The evaluation time in seconds, whatever the value: `timestamp` of what is not a plain selector. */
export const timestamp: MapFunction = ({ v, has }, { times }) => {
  for (let k = 0; k < v.length; k++) if (has[k] === 1) v[k] = times[k]! / 1000;
};

/** Only a sample itself knows when its counter began: what was computed of it has no start. */
export const startTimestamp: MapFunction = (row) => {
  for (let k = 0; k < row.has.length; k++) row.remove(k);
};
