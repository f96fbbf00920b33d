import type { ReactNode } from 'react';
import { useFormat } from '../../../format/useFormat';

/** Counts with their names, each as long as it is much. */
export function Bars(props: { of: ReadonlyArray<readonly [key: string, name: ReactNode, count: number]> }) {
  const f = useFormat();
  const highest = Math.max(1, ...props.of.map(([, , count]) => count));
  return (
    <ul className="o-bars">
      {props.of.map(([key, name, count]) => (
        <li key={key}>
          <span>{name}</span>
          <span className="o-bar" aria-hidden="true">
            <i style={{ width: `${Math.round((100 * count) / highest)}%` }} />
          </span>
          <span className="numbers">{f.count(count)}</span>
        </li>
      ))}
    </ul>
  );
}
