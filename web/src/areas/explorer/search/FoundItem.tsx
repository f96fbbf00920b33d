import { Tag } from 'antd';
import { shorten, ss58 } from '../../../format/ids';
import { micro } from '../../../format/money';
import { peerIdOf } from '../../../format/peers';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { PathLink } from '../../../ui/links';
import { useNames } from '../detail/useNames';
import type { SearchQuery } from '../graphql/graphql';
import { texts as words } from '../texts';
import { targetOf } from './target';
import { texts } from './texts';

type Hit = SearchQuery['search'][number];

const general = {
  Block: 'block',
  Extrinsic: 'extrinsic',
  Call: 'call',
  Event: 'event',
  Company: 'company',
  Application: 'application',
  Paper: 'paper',
  Machine: 'node',
  Allowance: 'allowance',
  Vehicle: 'vehicle',
  Driver: 'driver',
  Tariff: 'tariff',
  Batch: 'batch',
  Ride: 'ride',
  Anchor: 'anchor',
  Checkpoint: 'checkpoint',
  Validator: 'validator',
} as const;

const special = [
  'Role',
  'Draw',
  'Balance',
  'Transfer',
  'Entry',
  'Withdrawal',
  'Share',
  'Device',
  'Loss',
  'Seat',
  'Session',
] as const;

const fields = [
  'id',
  'hash',
  'name',
  'plate',
  'vin',
  'order',
  'account',
  'treasury',
  'signer',
  'root',
  'device',
  'receipts_root',
  'label',
  'node',
  'seat',
  'applicant',
] as const;

/** A hit: what it is, what it is called, and where the text was found. */
export function FoundItem({ hit }: { hit: Hit }) {
  const t = useTexts(texts);
  const w = useTexts(words);
  const title = useTitle();
  const known = special.find((name) => name === hit.type);
  const kind = known === undefined ? wordOf(hit.type, w) : t(known);
  const field = fields.find((name) => name === hit.field);
  const to = targetOf(hit);
  const shown = hit.text.length > 40 ? shorten(hit.text, 12, 8) : hit.text;
  return (
    <li>
      <Tag variant="filled">{kind}</Tag>
      <span className="x-hit">
        {to === undefined ? title(hit) : <PathLink to={to}>{title(hit)}</PathLink>}
        <span className="x-quiet">
          {t('found')} {field === undefined ? hit.field : t(field)}: <span className="code">{shown}</span>
        </span>
      </span>
    </li>
  );
}

function wordOf(type: string, w: ReturnType<typeof useTexts<typeof words.en>>): string {
  const key = Object.hasOwn(general, type) ? general[type as keyof typeof general] : undefined;
  return key === undefined ? type : w(key);
}

function useTitle(): (hit: Hit) => string {
  const w = useTexts(words);
  const f = useFormat();
  const names = useNames();
  return (hit) => {
    const { item } = hit;
    switch (item.__typename) {
      case 'Vehicle':
        return [item.plate, item.model].filter((part) => part !== null && part !== '').join(' · ');
      case 'Company':
        return item.companyName ?? w('companyNumber', { id: hit.id });
      case 'Application':
        return item.applicationName ?? w('applicationNumber', { id: hit.id });
      case 'Paper':
        return w('applicationNumber', { id: hit.id.split('-')[0] ?? '' });
      case 'Machine':
        return [item.label, shorten(peerIdOf(hit.id), 10, 6)].filter((part) => part !== null).join(' · ');
      case 'Allowance':
        return names.company(hit.id);
      case 'Block':
        return f.count(item.height);
      case 'Extrinsic':
      case 'Event':
        return `${hit.id} · ${item.pallet}.${item.name}`;
      case 'Ride':
        return [item.order, item.fare === null ? null : f.money(micro(item.fare))]
          .filter((part) => part !== null)
          .join(' · ');
      case 'Batch':
        return `${hit.id} · ${names.company(item.companyId ?? '')}`;
      case 'Seat':
        return `${names.company(item.companyId ?? '')} · ${w('driverNumber', { id: item.driverId ?? '' })}`;
      case 'Driver':
        return w('driverNumber', { id: hit.id });
      case 'Balance':
      case 'Validator':
      case 'Draw':
        return names.account(hit.id) ?? shorten(ss58(hit.id), 8, 8);
      case 'Role':
        return `${names.company(hit.id.split('-')[0] ?? '')} · ${shorten(hit.id.split('-')[1] ?? '', 8, 6)}`;
      default:
        return hit.id.length > 40 ? shorten(hit.id, 14, 8) : hit.id;
    }
  };
}
