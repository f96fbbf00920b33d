import type { OrderState } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Failed, Loading } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import { OrderStateTag } from '../orders/OrderStateTag';
import { orderStates } from '../orders/states';
import { Section } from '../parts/Section';
import type { BoardCounts } from './board';
import { texts } from './texts';

function of(counts: ReadonlyMap<OrderState, number>, ...states: readonly OrderState[]): number {
  return states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
}

/** The figures that matter first. */
export function NowFigures({ counts }: { counts: BoardCounts }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { open, supply, longestWait } = counts;
  const onDuty = supply.idle + supply.asked + supply.busy;
  return (
    <Figures>
      <Figure
        name={t('openOrders')}
        value={f.count([...open.values()].reduce((sum, count) => sum + count, 0))}
        to="/operations/orders"
      />
      <Figure
        name={t('waiting')}
        value={f.count(of(open, 'searching', 'offered'))}
        {...(longestWait === undefined ? {} : { hint: t('longest', { time: f.clock(longestWait) }) })}
      />
      <Figure name={t('onTheWay')} value={f.count(of(open, 'accepted', 'arriving', 'arrived'))} />
      <Figure name={t('onTrip')} value={f.count(of(open, 'picked_up', 'in_trip'))} />
      <Figure name={t('onDuty')} value={f.count(onDuty)} to="/operations/drivers" />
    </Figures>
  );
}

/** Orders by state, and what drivers do. */
export function NowSections(props: { counts: BoardCounts | undefined; error: Error | null }) {
  const t = useTexts(texts);
  const { counts, error } = props;
  if (error !== null) return <Failed error={error} />;
  if (counts?.isWhole !== true) return <Loading rows={5} />;
  return (
    <div className="o-columns o-even">
      <Section title={t('ordersNow')}>
        <ByState counts={counts.open} none={t('noOrders')} />
        {counts.ended.size === 0 ? null : (
          <>
            <p className="o-note">{t('endedSince')}</p>
            <ByState counts={counts.ended} none="" />
          </>
        )}
      </Section>
      <Section title={t('supply')}>
        <SupplyNow counts={counts} />
      </Section>
    </div>
  );
}

function ByState(props: { counts: ReadonlyMap<OrderState, number>; none: string }) {
  const f = useFormat();
  const shown = orderStates.filter((state) => props.counts.has(state));
  if (shown.length === 0) return <p className="o-none">{props.none}</p>;
  const most = Math.max(...props.counts.values());
  return (
    <ul className="o-bars">
      {shown.map((state) => {
        const count = props.counts.get(state) ?? 0;
        return (
          <li key={state}>
            <OrderStateTag state={state} />
            <Bar share={count / most} />
            <span className="numbers">{f.count(count)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <span className="o-bar" aria-hidden="true">
      <i style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}

function SupplyNow({ counts }: { counts: BoardCounts }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { idle, asked, busy } = counts.supply;
  const onDuty = idle + asked + busy;
  const waiting = of(counts.open, 'searching');
  const rows: ReadonlyArray<readonly [string, number]> = [
    [t('idle'), idle],
    [t('asked'), asked],
    [t('busy'), busy],
  ];
  const said = () => {
    if (onDuty === 0) return t('noneOnDuty');
    if (waiting === 0) return t('noneWaiting');
    return idle === 0 ? t('noneIdle') : t('perOrder', { count: f.decimal(idle / waiting, 1) });
  };
  return (
    <div className="o-stack o-tight">
      <ul className="o-bars">
        {rows.map(([name, count]) => (
          <li key={name}>
            <span>{name}</span>
            <Bar share={onDuty === 0 ? 0 : count / onDuty} />
            <span className="numbers">{f.count(count)}</span>
          </li>
        ))}
      </ul>
      <p className="o-none">{said()}</p>
    </div>
  );
}
