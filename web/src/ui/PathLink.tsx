import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link to a path that is made at run time, such as those of `route/paths`. */
export function PathLink(props: { to: string; title?: string; className?: string; children: ReactNode }) {
  const { to, ...rest } = props;
  const [path, query] = to.split('?');
  const search = Object.fromEntries(new URLSearchParams(query ?? ''));
  return (
    <Link to={path ?? to} search={search} {...rest}>
      {props.children}
    </Link>
  );
}
