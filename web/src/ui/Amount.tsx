import { formatMoney, micro } from '../format/money';
import './page.css';

/** Money, in micro CNY as bigint or as the services' decimal text. Rounded to fen where `fen`; its title is exact. */
export function Amount(props: { value: bigint | string; fen?: boolean; plus?: boolean; bare?: boolean }) {
  const value = micro(props.value);
  const { fen = false, plus = false, bare = false } = props;
  return (
    <span className="numbers" title={formatMoney(value)}>
      {formatMoney(value, { fen, plus, bare })}
    </span>
  );
}
