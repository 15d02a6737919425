import { useSyncExternalStore } from 'react';

/** Pages by the last segment of their path; Prometheus' own link `/graph?g0.expr=…` opens Explore. */
export type PageName = 'overview' | 'targets' | 'alerts' | 'history' | 'explore';

const segments: Readonly<Record<string, PageName>> = {
  '': 'overview',
  targets: 'targets',
  alerts: 'alerts',
  rules: 'alerts',
  history: 'history',
  explore: 'explore',
  graph: 'explore',
};

export function pageOf(pathname: string): PageName {
  return segments[pathname.slice(pathname.lastIndexOf('/') + 1)] ?? 'overview';
}

/** A relative address of a page: every page is one segment deep, so that it holds below any prefix. */
export function addressOf(page: PageName, search: URLSearchParams | string = ''): string {
  const text = String(search);
  return `./${page === 'overview' ? '' : page}${text === '' ? '' : `?${text}`}`;
}

/** Alertmanager's notifications link to `/#/alerts?…` and `/#/silences…`. */
export function addressOfHash(hash: string): string | undefined {
  if (hash.startsWith('#/alerts')) return addressOf('alerts', 'tab=notifications');
  if (hash.startsWith('#/silences')) return addressOf('alerts', 'tab=silences');
  return undefined;
}

const moved = 'paddlewatch:moved';

export function go(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  dispatchEvent(new Event(moved));
}

/** Changes some parameters of the present address; `undefined` takes one away. */
export function setParams(
  changes: Readonly<Record<string, string | undefined>>,
  how: 'push' | 'replace' = 'push',
) {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') search.delete(name);
    else search.set(name, value);
  }
  go(addressOf(pageOf(location.pathname), search), how);
}

export function usePlace(): { page: PageName; search: URLSearchParams } {
  const place = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [pathname, search] = split(place);
  return { page: pageOf(pathname), search: new URLSearchParams(search) };
}

function split(place: string): [pathname: string, search: string] {
  const at = place.indexOf('?');
  return at < 0 ? [place, ''] : [place.slice(0, at), place.slice(at)];
}

function subscribe(hear: () => void): () => void {
  addEventListener('popstate', hear);
  addEventListener(moved, hear);
  return () => {
    removeEventListener('popstate', hear);
    removeEventListener(moved, hear);
  };
}
