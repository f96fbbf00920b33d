import type { ReactNode } from 'react';
import { PathLink } from './PathLink';
import './page.css';

/** A row of figures. */
export function Figures(props: { children: ReactNode }) {
  return <div className="figures">{props.children}</div>;
}

/** One figure with its name, and a way to where it comes from. */
export function Figure(props: { name: string; value: ReactNode; hint?: ReactNode; to?: string }) {
  const content = (
    <>
      <span className="figure-name">{props.name}</span>
      <span className="figure-value">{props.value}</span>
      {props.hint === undefined ? null : <span className="figure-hint">{props.hint}</span>}
    </>
  );
  return props.to === undefined ? (
    <div className="figure">{content}</div>
  ) : (
    <PathLink to={props.to} className="figure">
      {content}
    </PathLink>
  );
}
