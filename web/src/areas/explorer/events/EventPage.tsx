import { getRouteApi } from '@tanstack/react-router';
import { Card } from 'antd';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { Decoded } from '../detail/Decoded';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { AccountLink, BlockLink, ExtrinsicLink, Named, Result, When } from '../detail/values';
import { texts as words } from '../texts';
import { fieldsOf } from '../values/shown';
import { eventQuery } from './queries';
import { texts } from './texts';

const route = getRouteApi('/explorer/events/$event');

export function EventPage() {
  const t = useTexts(texts);
  const w = useTexts(words);
  const { event: id } = route.useParams();
  const query = useAsk(eventQuery, { id }, { staleTime: 60_000 });
  return (
    <Answered query={query} rows={8}>
      {({ event }) => {
        if (event === null) return <NotThere what={t('one', { id })} newest={undefined} />;
        const { extrinsic } = event;
        return (
          <Page title={t('one', { id: event.id })} tags={<Named pallet={event.pallet} name={event.name} />}>
            <Card size="small">
              <Facts
                facts={[
                  [w('time'), <When key="time" at={event.time} />],
                  [w('block'), <BlockLink key="block" number={event.blockNumber} />],
                  [t('place'), event.place],
                  [
                    t('ofExtrinsic'),
                    extrinsic === null ? (
                      t('ofChain')
                    ) : (
                      <span key="extrinsic" className="x-row">
                        <ExtrinsicLink id={extrinsic.id} />
                        <Named pallet={extrinsic.pallet} name={extrinsic.name} />
                        <Result success={extrinsic.success} />
                      </span>
                    ),
                  ],
                  [
                    w('signer'),
                    extrinsic === null || extrinsic.signer === null ? null : (
                      <AccountLink key="signer" account={extrinsic.signer} />
                    ),
                  ],
                ]}
              />
            </Card>
            <Section title={t('fieldsTitle')}>
              <Decoded
                fields={fieldsOf(event.fields, { pallet: event.pallet, accounts: new Set(event.accounts) })}
                raw={event.fields}
              />
            </Section>
          </Page>
        );
      }}
    </Answered>
  );
}
