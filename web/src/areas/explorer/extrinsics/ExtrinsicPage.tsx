import { getRouteApi } from '@tanstack/react-router';
import { Card } from 'antd';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Facts } from '../../../ui/Facts';
import { Page } from '../../../ui/Page';
import { Decoded, Fields } from '../detail/Decoded';
import { NotThere } from '../detail/NotThere';
import { Section } from '../detail/Section';
import { AccountLink, BlockLink, Count, EventLink, Hash, Money, Named, Result, When } from '../detail/values';
import type { ExtrinsicQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { fieldsOf } from '../values/shown';
import { feeOf } from './fee';
import { extrinsicQuery } from './queries';
import { texts } from './texts';
import { WhyFailed } from './WhyFailed';

type Found = NonNullable<ExtrinsicQuery['extrinsic']>;

const route = getRouteApi('/explorer/extrinsics/$extrinsic');

export function ExtrinsicPage() {
  const t = useTexts(texts);
  const { extrinsic: id } = route.useParams();
  const query = useAsk(extrinsicQuery, { id }, { staleTime: 60_000 });
  return (
    <Answered query={query} rows={8}>
      {(answer) =>
        answer.extrinsic === null ? (
          <NotThere what={t('one', { id })} newest={answer._meta?.block?.number} />
        ) : (
          <One of={answer.extrinsic} />
        )
      }
    </Answered>
  );
}

function One({ of }: { of: Found }) {
  const t = useTexts(texts);
  const [root] = of.calls;
  const accounts = new Set(of.calls.flatMap((call) => call.accounts));
  const nested = of.calls.length - 1;
  return (
    <Page
      title={t('one', { id: of.id })}
      tags={
        <>
          <Named pallet={of.pallet} name={of.name} />
          <Result success={of.success} />
        </>
      }
    >
      {of.success ? null : <WhyFailed error={of.error} />}
      <Card size="small">
        <Summary of={of} />
      </Card>
      <Section title={t('callTitle')}>
        {root === undefined ? null : (
          <Decoded
            fields={fieldsOf(root.args, { pallet: root.pallet, accounts })}
            raw={{ call: `${root.pallet}.${root.name}`, args: root.args }}
            label={
              <span className="x-row">
                <Named pallet={root.pallet} name={root.name} />
                {nested > 0 ? <span className="x-quiet">{t('nestedTitle', { count: nested })}</span> : null}
              </span>
            }
          />
        )}
      </Section>
      <Section title={t('eventsTitle', { count: of.events.length })}>
        <Events of={of} />
      </Section>
    </Page>
  );
}

function Summary({ of }: { of: Found }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  return (
    <Facts
      facts={[
        [w('time'), <When key="time" at={of.time} />],
        [
          w('block'),
          <span key="block" className="x-row">
            <BlockLink number={of.blockNumber} />
            <span className="x-quiet">
              {t('place')}: {of.place}
            </span>
          </span>,
        ],
        [w('hash'), <Hash key="hash" of={of.hash} whole />],
        [
          w('signer'),
          of.signer === null ? (
            t('unsigned')
          ) : (
            <span key="signer" className="x-row">
              <AccountLink account={of.signer} />
              <AccountLink account={of.signer} whole />
            </span>
          ),
        ],
        [t('nonce'), of.signer === null ? null : <Count key="nonce" of={of.nonce} />],
        [w('fee'), <Fee key="fee" of={of} />],
        [t('tip'), of.tip === '0' ? null : <Money key="tip" units={of.tip} />],
        [t('size'), f.bytes(of.bytes)],
      ]}
    />
  );
}

/** What money paid, or what an allowance spared. */
function Fee({ of }: { of: Found }) {
  const t = useTexts(texts);
  const f = useFormat();
  const fee = feeOf(of);
  switch (fee.by) {
    case 'money':
      return <Money units={fee.units} />;
    case 'allowance':
      return t('feeSpared', { fee: f.money(fee.units) });
    case 'nobody':
      return t('feeNone');
  }
}

/** Each opens; the way to its page stands beside it, for nothing that can be pressed may stand in another. */
function Events({ of }: { of: Found }) {
  return (
    <ul className="x-plain">
      {of.events.map((event) => (
        <li key={event.id} className="x-event">
          <details>
            <summary className="x-event-head">
              <Named pallet={event.pallet} name={event.name} />
            </summary>
            <div className="x-event-body">
              <Fields
                of={fieldsOf(event.fields, { pallet: event.pallet, accounts: new Set(event.accounts) })}
              />
            </div>
          </details>
          <EventLink id={event.id} />
        </li>
      ))}
    </ul>
  );
}
