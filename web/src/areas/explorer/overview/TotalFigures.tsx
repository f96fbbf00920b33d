import type { UseQueryResult } from '@tanstack/react-query';
import { micro } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Answered } from '../../../ui/answers';
import { Figure, Figures } from '../../../ui/Figure';
import type { OverviewQuery } from '../graphql/graphql';
import { texts } from './texts';

/** What was settled and anchored since the chain began. */
export function TotalFigures(props: { overview: UseQueryResult<OverviewQuery, Error> }) {
  const t = useTexts(texts);
  const f = useFormat();
  return (
    <Answered query={props.overview} rows={2}>
      {({ batches: [batches], vehicles: [vehicles], drivers: [drivers], anchors: [anchors] }) => {
        const rides = batches?.sum.rideCount ?? '0';
        const gross = micro(batches?.sum.gross ?? '0');
        const paid = micro(batches?.sum.drivers ?? '0');
        return (
          <Figures>
            <Figure
              name={t('settledRides')}
              value={f.count(rides)}
              hint={t('inBatches', { count: Number(batches?.count ?? 0) })}
              to="/explorer/rides"
            />
            <Figure
              name={t('settledMoney')}
              value={<span title={f.money(gross)}>{f.compactMoney(gross)}</span>}
              hint={<span title={f.money(paid)}>{t('toDrivers', { amount: f.compactMoney(paid) })}</span>}
              to="/explorer/batches"
            />
            <Figure
              name={t('fleet')}
              value={f.count(vehicles?.count ?? '0')}
              hint={t('fleetNote', { count: Number(drivers?.count ?? 0) })}
              to="/explorer/vehicles"
            />
            <Figure
              name={t('records')}
              value={f.count(anchors?.sum.count ?? '0')}
              hint={t('recordsNote', { count: Number(anchors?.count ?? 0) })}
              to="/explorer/anchors"
            />
          </Figures>
        );
      }}
    </Answered>
  );
}
