import type { ReactNode } from 'react';
import './page.css';

/** A label and what it is of; `null` and `undefined` leave the row out. */
export type Fact = readonly [label: string, value: ReactNode];

/** What is known of one thing: labels and values below each other. */
export function Facts(props: { facts: ReadonlyArray<Fact> }) {
  const shown = props.facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl className="facts">
      {shown.map(([label, value]) => (
        <FactRow key={label} label={label} value={value} />
      ))}
    </dl>
  );
}

function FactRow(props: { label: string; value: ReactNode }) {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.value}</dd>
    </>
  );
}
