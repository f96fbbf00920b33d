import { VOCABULARY } from '../../../chain/calls/vocabulary';
import { useFormat } from '../../../format/useFormat';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import type { AnchorItem, Bundle, ReceiptItem, StorageItem, Vehicle } from '../../../proof';
import { type Fact, Facts } from '../../../ui/Facts';
import { Section } from '../detail/Section';
import { AccountLink, CompanyLink, DriverLink, Hash, Money, When } from '../detail/values';
import { texts as words } from '../texts';
import { texts } from './texts';

/** What a proof says, in words; or what it claims, where it does not hold. */
export function Proven({ bundle, isRefused }: { bundle: Bundle; isRefused: boolean }) {
  const t = useTexts(texts);
  const { item, leaf } = bundle;
  return (
    <Section title={t(isRefused ? 'saysRefused' : 'says')}>
      <div className={isRefused ? 'v-claim' : undefined}>
        {item.kind === 'receipt' ? <OfReceipt of={item.body} /> : null}
        {item.kind === 'vehicle' ? <OfVehicle of={item.body.vehicle} /> : null}
        {item.kind === 'anchor' ? <OfAnchor of={item.body} /> : null}
        {item.kind === 'storage' ? <OfStorage of={item.body} /> : null}
      </div>
      <p className="x-quiet v-flush v-at">{t('saysAt', { block: leaf.parent_number })}</p>
    </Section>
  );
}

const iso = (seconds: bigint) =>
  seconds > 8_640_000_000_000n ? null : new Date(Number(seconds) * 1000).toISOString();

function OfReceipt({ of: { receipt, batch } }: { of: ReceiptItem }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  return (
    <Facts
      facts={[
        [w('order'), receipt.order],
        [w('company'), <CompanyLink key="company" id={batch.company} />],
        [w('batch'), `${batch.company}-${batch.number}`],
        [w('driver'), <DriverLink key="driver" id={receipt.driver} />],
        [w('account'), <AccountLink key="account" account={receipt.account} whole />],
        [t('pickup'), <When key="pickup" at={iso(receipt.pickup)} />],
        [t('fare'), <Money key="fare" units={receipt.fare} />],
        [t('tolls'), <Money key="tolls" units={receipt.tolls} />],
        [t('driverShare'), <Money key="share" units={receipt.driver_share} />],
      ]}
    />
  );
}

/** `light_truck` in a proof is `LightTruck` on the chain. */
function chainName(word: string): string {
  return word.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function OfVehicle({ of }: { of: Vehicle }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const language = useLanguage();
  const word = (type: 'VehicleClass' | 'VehicleStatus', name: string) =>
    VOCABULARY[type]?.[chainName(name)]?.[language] ?? name;
  return (
    <Facts
      facts={[
        [w('vehicle'), of.id],
        [t('plate'), of.plate === '' ? w('none') : of.plate],
        ['VIN', of.vin],
        [t('model'), of.model],
        [t('owner'), <CompanyLink key="owner" id={of.owner} />],
        [t('class'), word('VehicleClass', of.class)],
        [w('status'), word('VehicleStatus', of.status)],
        [t('version'), of.version],
      ]}
    />
  );
}

function OfAnchor({ of }: { of: AnchorItem }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const f = useFormat();
  const last = of.first_sequence + BigInt(of.count) - 1n;
  return (
    <Facts
      facts={[
        [w('company'), <CompanyLink key="company" id={of.company} />],
        [w('number'), of.number],
        [t('records'), f.count(of.count)],
        ['', t('recordsRange', { first: f.count(of.first_sequence), last: f.count(last) })],
        [t('closed'), <When key="closed" at={iso(of.closed_at_ms / 1000n)} />],
        [t('rootOfRecords'), <Hash key="root" of={of.root} whole />],
      ]}
    />
  );
}

function OfStorage({ of }: { of: StorageItem }) {
  const t = useTexts(texts);
  const facts: Fact[] = [
    [t('storageKey'), <Hash key="key" of={of.key} whole />],
    [t('storageValue'), of.value === null ? t('storageNothing') : <Hash key="value" of={of.value} whole />],
  ];
  return <Facts facts={facts} />;
}
