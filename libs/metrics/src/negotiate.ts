export type Format = 'text' | 'openmetrics';

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The format an Accept header prefers; text where it has no preference. */
export function negotiate(accept: string | undefined): Format {
  let best: Format = 'text';
  let bestQuality = 0;
  for (const range of (accept ?? '').split(',')) {
    const [media, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = formatOf(media!);
    const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    if (format && quality > bestQuality) {
      best = format;
      bestQuality = quality;
    }
  }
  return best;
}

function formatOf(media: string): Format | undefined {
  if (media === 'application/openmetrics-text') return 'openmetrics';
  return media === 'text/plain' || media === 'text/*' || media === '*/*' ? 'text' : undefined;
}
