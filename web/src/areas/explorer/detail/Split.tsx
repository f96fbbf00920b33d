import { useFormat } from '../../../format/useFormat';
import { series } from '../../../theme/theme';
import './detail.css';

export interface Part {
  readonly name: string;
  readonly amount: bigint;
}

/** Who got which part of an amount: a bar, and below it the amounts. */
export function Split(props: { of: readonly Part[]; label: string; as?: 'money' | 'count' | 'share' }) {
  const f = useFormat();
  const whole = props.of.reduce((sum, part) => sum + part.amount, 0n);
  const shareOf = (part: Part) => (whole === 0n ? 0 : Number((part.amount * 10_000n) / whole) / 10_000);
  const { as = 'money' } = props;
  const said = (part: Part) =>
    as === 'money' ? f.money(part.amount) : as === 'count' ? f.count(part.amount) : f.share(shareOf(part));
  const told = props.of.map((part) => `${part.name} ${f.share(shareOf(part))}`).join(', ');
  return (
    <div>
      <div className="x-bar" role="img" aria-label={`${props.label}: ${told}`}>
        {props.of.map((part, at) =>
          part.amount === 0n ? null : (
            <span
              key={part.name}
              title={`${part.name}: ${said(part)}`}
              style={{ flexGrow: shareOf(part), flexBasis: 0, background: series[at % series.length] }}
            />
          ),
        )}
      </div>
      <ul className="x-legend">
        {props.of.map((part, at) => (
          <li key={part.name}>
            <i style={{ background: series[at % series.length] }} />
            <span>{part.name}</span>
            {as === 'share' ? null : <span className="numbers">{said(part)}</span>}
            <span className="x-quiet numbers">{f.share(shareOf(part))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
