import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { useNames } from '../detail/useNames';
import { AnchorLink, BatchLink, Hash, VehicleLink } from '../detail/values';
import { texts as words } from '../texts';
import { blockProvesQuery } from './queries';
import { texts } from './texts';

/** What a block proves to the outside, and the root over it. */
export function BlockProves({ number }: { number: number }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const names = useNames();
  const query = useAsk(blockProvesQuery, { number, id: String(number) }, { staleTime: 60_000 });
  return (
    <Answered query={query}>
      {({ checkpoint, batches, anchors, vehicles }) => {
        if (batches.length + anchors.length + vehicles.length === 0)
          return <p className="x-quiet">{t('provesNothing')}</p>;
        return (
          <div className="x-stack">
            <p className="x-quiet">{t('provesLead')}</p>
            <Facts
              facts={[
                [
                  t('checkpointRoot'),
                  checkpoint === null ? null : <Hash key="root" of={checkpoint.root} whole />,
                ],
                [
                  w('batches'),
                  batches.length === 0 ? null : (
                    <ul key="batches" className="x-plain">
                      {batches.map((batch) => (
                        <li key={batch.id}>
                          <BatchLink id={batch.id}>
                            {t('batchLine', {
                              company: names.company(batch.companyId ?? 0),
                              number: batch.number ?? '',
                              rides: batch.rideCount ?? 0,
                            })}
                          </BatchLink>
                        </li>
                      ))}
                    </ul>
                  ),
                ],
                [
                  w('vehicles'),
                  vehicles.length === 0 ? null : (
                    <span key="vehicles" className="x-row">
                      {vehicles.map((vehicle) => (
                        <VehicleLink key={vehicle.id} id={vehicle.id} plate={vehicle.plate} />
                      ))}
                    </span>
                  ),
                ],
                [
                  w('anchors'),
                  anchors.length === 0 ? null : (
                    <span key="anchors" className="x-row">
                      {anchors.map((anchor) => (
                        <AnchorLink key={anchor.id} id={anchor.id} />
                      ))}
                    </span>
                  ),
                ],
              ]}
            />
          </div>
        );
      }}
    </Answered>
  );
}
