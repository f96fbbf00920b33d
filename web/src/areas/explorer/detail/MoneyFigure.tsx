import type { ReactNode } from 'react';
import { micro } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { Figure } from '../../../ui/Figure';

/** An amount as a figure: short where it is long, and then exact below. */
export function MoneyFigure(props: {
  name: string;
  units: string | bigint | null | undefined;
  hint?: ReactNode;
  to?: string;
}) {
  const f = useFormat();
  const units = micro(props.units ?? 0n);
  const [short, exact] = [f.compactMoney(units), f.money(units)];
  const below = short === exact ? null : <span className="numbers">{exact}</span>;
  const { hint } = props;
  const lines =
    below === null && hint === undefined ? undefined : (
      <>
        {below}
        {below === null || hint === undefined ? null : <br />}
        {hint}
      </>
    );
  return (
    <Figure
      name={props.name}
      value={<span title={exact}>{short}</span>}
      {...(lines === undefined ? {} : { hint: lines })}
      {...(props.to === undefined ? {} : { to: props.to })}
    />
  );
}
