import { HistoryOutlined } from '@ant-design/icons';
import { Button, Timeline } from 'antd';
import { shorten } from '../../../format/ids';
import { micro } from '../../../format/money';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { useAsk } from '../../../index/hooks';
import { Answered } from '../../../ui/answers';
import { Icon } from '../../../ui/Icon';
import { Section } from '../detail/Section';
import { useStateWord } from '../detail/State';
import { useNames } from '../detail/useNames';
import { BlockLink, EventLink, When } from '../detail/values';
import { texts as words } from '../texts';
import { vehicleLifeQuery } from './queries';
import { texts } from './texts';
import { type Change, type Moment, timeline } from './timeline';

interface Props {
  readonly id: string;
  readonly at: number | undefined;
  readonly choose: (block: number) => void;
}

const colours: Readonly<Partial<Record<Change['what'], string>>> = {
  registered: 'green',
  sold: 'gold',
  offered: 'blue',
  status: 'red',
};

/** All that happened to a vehicle since it was registered, the newest first. */
export function Life({ id, at, choose }: Props) {
  const t = useTexts(texts);
  const vehicle = Number(id);
  const query = useAsk(vehicleLifeQuery, { id, vehicle });
  return (
    <Section title={t('life')} extra={<span className="x-quiet x-wide-only">{t('lifeHint')}</span>}>
      <Answered query={query} rows={6}>
        {(answer) => {
          const moments = timeline(
            vehicle,
            answer.vehicle?.history ?? [],
            answer.devices.map((device) => device.history),
          );
          return (
            <Timeline
              items={moments.map((moment) => ({
                key: `${moment.blockNumber}-${moment.fact}`,
                color: colours[moment.changes[0]?.what ?? 'bound'] ?? 'gray',
                content: (
                  <Entry
                    moment={moment}
                    isLater={at !== undefined && moment.blockNumber > at}
                    choose={choose}
                  />
                ),
              }))}
            />
          );
        }}
      </Answered>
    </Section>
  );
}

function Entry(props: { moment: Moment; isLater: boolean; choose: (block: number) => void }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const said = useSaid();
  const { moment, isLater } = props;
  return (
    <div className={isLater ? 'x-later' : undefined}>
      {moment.changes.map((change) => (
        <div key={change.what}>{said(change)}</div>
      ))}
      <div className="x-row x-quiet">
        <When at={moment.time} />
        <span>
          {w('block')} <BlockLink number={moment.blockNumber} />
        </span>
        {moment.blockNumber === 0 ? null : (
          <EventLink id={`${moment.blockNumber}-${moment.fact}`}>{w('event')}</EventLink>
        )}
        <Button
          size="small"
          type="text"
          icon={<Icon of={HistoryOutlined} />}
          aria-label={`${t('seeThen')}: ${moment.blockNumber}`}
          title={t('seeThen')}
          onClick={() => props.choose(moment.blockNumber)}
        />
      </div>
    </div>
  );
}

/** A change in words. */
function useSaid(): (change: Change) => string {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const names = useNames();
  const word = useStateWord();
  const company = (id: number | null) => (id === null ? w('unknown') : names.company(id));
  const money = (units: string | null) => (units === null ? '—' : f.money(micro(units)));
  const device = (id: string) => ` · ${shorten(id)}`;
  return (change) => {
    switch (change.what) {
      case 'registered':
        return t('registered', {
          company: company(change.owner),
          plate: change.plate ?? '—',
          model: change.model ?? '—',
        });
      case 'plate':
        return plateSaid(t, change);
      case 'status':
        return t('statusChanged', {
          now: word('vehicle', change.now ?? '—'),
          was: word('vehicle', change.was ?? '—'),
        });
      case 'offered':
        return t('offeredEvent', {
          by: company(change.by),
          to: company(change.to),
          price: money(change.price),
        });
      case 'offer_ended':
        return t('offerEnded', { to: company(change.to) });
      case 'sold':
        return t('sold', { from: company(change.from), to: company(change.to), paid: money(change.paid) });
      case 'bound':
        return (
          t(change.key === null ? 'boundEvent' : 'boundWithKey', { company: company(change.company) }) +
          device(change.device)
        );
      case 'unbound':
        return t('unboundEvent', { company: company(change.company) }) + device(change.device);
    }
  };
}

function plateSaid(
  t: ReturnType<typeof useTexts<typeof texts.en>>,
  change: Extract<Change, { what: 'plate' }>,
): string {
  const [was, now] = [change.was ?? '', change.now ?? ''];
  if (now === '') return t('plateTaken', { was });
  return was === '' ? t('plateGiven', { now }) : t('plateChanged', { was, now });
}
