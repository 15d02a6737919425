import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { go } from './location.ts';

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string };

/** A link inside the page: a plain click stays in it, any other click does what browsers do. */
export function Link({ to, ...rest }: LinkProps) {
  function follow(event: MouseEvent): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
    scrollTo(0, 0);
  }
  return <a href={to} onClick={follow} {...rest} />;
}
