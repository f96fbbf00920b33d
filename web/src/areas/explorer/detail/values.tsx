// Single values as the explorer shows them. Where a value is something with a page, it links there; where it is not
// known there is a dash.
import { Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { PERMISSIONS } from '../../../chain/calls/vocabulary';
import { shorten } from '../../../format/ids';
import { peerIdOf } from '../../../format/peers';
import { useFormat } from '../../../format/useFormat';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { Copy } from '../../../ui/Copy';
import { AccountName } from '../../../ui/links';
import { StateTag } from '../../../ui/StateTag';
import { Time } from '../../../ui/Time';
import { texts } from '../texts';
import { useNames } from './useNames';
import './detail.css';

export function Nothing() {
  return <span className="x-quiet">—</span>;
}

/** An amount of 10⁻⁶ CNY. */
export function Money(props: { units: string | bigint | null | undefined; plus?: boolean }) {
  if (props.units === null || props.units === undefined) return <Nothing />;
  return <Amount value={props.units} plus={props.plus === true} />;
}

/** A count with its groups of digits. */
export function Count(props: { of: string | number | null | undefined }) {
  const f = useFormat();
  if (props.of === null || props.of === undefined) return <Nothing />;
  return <span className="numbers">{f.count(props.of)}</span>;
}

/** A time. The beginning of the epoch stands for what genesis does not say. */
export function When(props: { at: string | null | undefined }) {
  if (props.at === null || props.at === undefined || Date.parse(props.at) === 0) return <Nothing />;
  return <Time at={props.at} />;
}

/** A hash or other bytes: its ends, or all of it; copied whole. */
export function Hash(props: { of: string | null | undefined; whole?: boolean; bare?: boolean }) {
  if (props.of === null || props.of === undefined || props.of === '') return <Nothing />;
  return (
    <span className="with-copy">
      <span className="code x-break" title={props.of}>
        {props.whole === true ? props.of : shorten(props.of, 10, 6)}
      </span>
      {props.bare === true ? null : <Copy text={props.of} />}
    </span>
  );
}

export function BlockLink(props: { number: number | null | undefined; children?: ReactNode }) {
  const f = useFormat();
  if (props.number === null || props.number === undefined) return <Nothing />;
  return (
    <Link to="/explorer/blocks/$block" params={{ block: String(props.number) }} className="numbers">
      {props.children ?? f.count(props.number)}
    </Link>
  );
}

/** `12-3`, or what is said instead. */
export function ExtrinsicLink(props: { id: string; children?: ReactNode }) {
  return (
    <Link to="/explorer/extrinsics/$extrinsic" params={{ extrinsic: props.id }} className="numbers">
      {props.children ?? props.id}
    </Link>
  );
}

export function EventLink(props: { id: string; children?: ReactNode }) {
  return (
    <Link to="/explorer/events/$event" params={{ event: props.id }} className="numbers">
      {props.children ?? props.id}
    </Link>
  );
}

/** An account by its name where it has one, and by its address. */
export function AccountLink(props: { account: string | null | undefined; whole?: boolean }) {
  const names = useNames();
  if (props.account === null || props.account === undefined) return <Nothing />;
  if (props.whole === true) return <AccountName account={props.account} whole copy />;
  return <AccountName account={props.account} name={names.account(props.account)} />;
}

export function CompanyLink(props: { id: number | string | null | undefined }) {
  const names = useNames();
  if (props.id === null || props.id === undefined) return <Nothing />;
  return (
    <Link to="/explorer/companies/$company" params={{ company: String(props.id) }}>
      {names.company(props.id)}
    </Link>
  );
}

/** An application, by the name of the company that it is of. */
export function ApplicationLink(props: { id: string; name?: string | null | undefined }) {
  const t = useTexts(texts);
  return (
    <Link to="/explorer/applications/$application" params={{ application: props.id }}>
      {props.name ?? t('applicationNumber', { id: props.id })}
    </Link>
  );
}

/** A machine by the peer id that it writes of itself. */
export function PeerId(props: { of: string | null | undefined }) {
  if (props.of === null || props.of === undefined) return <Nothing />;
  return <Hash of={peerIdOf(props.of)} />;
}

export function VehicleLink(props: {
  id: number | string | null | undefined;
  plate?: string | null | undefined;
}) {
  const t = useTexts(texts);
  if (props.id === null || props.id === undefined) return <Nothing />;
  const plate = props.plate === '' || props.plate === null ? undefined : props.plate;
  return (
    <Link to="/explorer/vehicles/$vehicle" params={{ vehicle: String(props.id) }} className="numbers">
      {plate ?? t('vehicleNumber', { id: props.id })}
    </Link>
  );
}

export function DriverLink(props: { id: number | string | null | undefined }) {
  const t = useTexts(texts);
  if (props.id === null || props.id === undefined) return <Nothing />;
  return (
    <Link to="/explorer/drivers/$driver" params={{ driver: String(props.id) }} className="numbers">
      {t('driverNumber', { id: props.id })}
    </Link>
  );
}

export function BatchLink(props: { id: string | null | undefined; children?: ReactNode }) {
  if (props.id === null || props.id === undefined) return <Nothing />;
  return (
    <Link to="/explorer/batches/$batch" params={{ batch: props.id }} className="numbers">
      {props.children ?? props.id}
    </Link>
  );
}

export function RideLink(props: { id: string; order: string | null }) {
  return (
    <Link to="/explorer/rides/$ride" params={{ ride: props.id }} className="numbers">
      {props.order ?? props.id}
    </Link>
  );
}

export function TariffLink(props: { id: string | null | undefined; children?: ReactNode }) {
  if (props.id === null || props.id === undefined) return <Nothing />;
  return (
    <Link to="/explorer/tariffs/$tariff" params={{ tariff: props.id }} className="numbers">
      {props.children ?? props.id}
    </Link>
  );
}

export function AnchorLink(props: { id: string; children?: ReactNode }) {
  return (
    <Link to="/explorer/anchors/$anchor" params={{ anchor: props.id }} className="numbers">
      {props.children ?? props.id}
    </Link>
  );
}

/** `Vehicles.register`. */
export function Named(props: { pallet: string; name: string }) {
  return (
    <span className="code x-named">
      <span className="x-quiet">{props.pallet}.</span>
      {props.name}
    </span>
  );
}

/** Whether an extrinsic succeeded. */
export function Result(props: { success: boolean; error?: string }) {
  const t = useTexts(texts);
  const title = props.error === undefined || props.error === '' ? {} : { title: props.error };
  return (
    <StateTag
      tone={props.success ? 'good' : 'bad'}
      text={t(props.success ? 'succeeded' : 'failed')}
      {...title}
    />
  );
}

/** What a role may do, in words. */
export function Permissions(props: { bits: number | null }) {
  const language = useLanguage();
  const { bits } = props;
  if (bits === null) return <Nothing />;
  return (
    <span className="x-tags">
      {PERMISSIONS.map((words, bit) =>
        bits & (1 << bit) ? (
          <Tag key={words.en} variant="filled">
            {words[language]}
          </Tag>
        ) : null,
      )}
    </span>
  );
}
