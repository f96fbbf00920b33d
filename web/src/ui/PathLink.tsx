import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link to a path that is made at run time, such as those of `route/paths`. */
export function PathLink(props: {
  to: string;
  title?: string;
  className?: string;
  /** In a menu: whether the page is of this entry. The router takes every path above the page for it. */
  current?: boolean;
  children: ReactNode;
}) {
  const { to, current, ...rest } = props;
  const [path, query] = to.split('?');
  const search = Object.fromEntries(new URLSearchParams(query ?? ''));
  return (
    <Link
      to={path ?? to}
      search={search}
      activeOptions={{ exact: current !== undefined }}
      {...(current === true ? { 'aria-current': 'page' } : {})}
      {...rest}
    >
      {props.children}
    </Link>
  );
}
