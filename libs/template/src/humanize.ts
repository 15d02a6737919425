import { formatFloat } from './number-format.ts';

/** `1.235M`, `12m`: four digits and a metric prefix. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return general(value);
  const up = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const down = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
  let size = value;
  let prefix = '';
  if (Math.abs(size) >= 1) {
    for (let i = 0; i < up.length && Math.abs(size) >= 1000; i++) {
      prefix = up[i]!;
      size /= 1000;
    }
  } else {
    for (let i = 0; i < down.length && Math.abs(size) < 1; i++) {
      prefix = down[i]!;
      size *= 1000;
    }
  }
  return general(size) + prefix;
}

/** `117.7Mi`: four digits and a binary prefix. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return general(value);
  const prefixes = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
  let size = value;
  let prefix = '';
  for (let i = 0; i < prefixes.length && Math.abs(size) >= 1024; i++) {
    prefix = prefixes[i]!;
    size /= 1024;
  }
  return general(size) + prefix;
}

/** Seconds as `14d 6h 56m 7s`, `1.5s`, `12ms`. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds === 0) return Number.isFinite(seconds) ? '0s' : general(seconds);
  if (Math.abs(seconds) < 1) return smallDuration(seconds);
  const sign = seconds < 0 ? '-' : '';
  const total = Math.abs(seconds);
  const whole = Math.trunc(total);
  const [d, h, m, s] = [
    Math.trunc(whole / 86_400),
    Math.trunc(whole / 3600) % 24,
    Math.trunc(whole / 60) % 60,
    whole % 60,
  ];
  if (d > 0) return `${sign}${d}d ${h}h ${m}m ${s}s`;
  if (h > 0) return `${sign}${h}h ${m}m ${s}s`;
  if (m > 0) return `${sign}${m}m ${s}s`;
  return `${sign}${general(total)}s`;
}

function smallDuration(seconds: number): string {
  let size = seconds;
  let prefix = '';
  for (const next of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
    if (Math.abs(size) >= 1) break;
    prefix = next;
    size *= 1000;
  }
  return `${general(size)}${prefix}s`;
}

/** A ratio as `12.35%`. */
export function humanizePercentage(ratio: number): string {
  return `${general(ratio * 100)}%`;
}

function general(value: number): string {
  return formatFloat(value, 'g', 4);
}
