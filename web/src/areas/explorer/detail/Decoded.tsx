// Calls and events, decoded: a tree that opens.
import { Button, Tag } from 'antd';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Copy } from '../../../ui/Copy';
import { texts } from '../texts';
import type { FieldKind } from '../values/kinds';
import { callsWithin, type Shown, type ShownField } from '../values/shown';
import {
  AccountLink,
  CompanyLink,
  DriverLink,
  Hash,
  Money,
  Named,
  Nothing,
  Permissions,
  VehicleLink,
  When,
} from './values';

/** Fields, one below the other; those with more in them open. */
export function Fields(props: {
  of: readonly ShownField[];
  open?: boolean | undefined;
  depth?: number;
  /** In a cell of a table: hashes by their ends. */
  isTight?: boolean | undefined;
}) {
  const depth = props.depth ?? 0;
  if (props.of.length === 0) return <Nothing />;
  return (
    <ul className={depth === 0 ? 'x-tree' : undefined}>
      {props.of.map((field) => (
        <li key={field.name}>
          <Branch
            name={field.name}
            of={field.value}
            open={props.open}
            depth={depth}
            isTight={props.isTight}
          />
        </li>
      ))}
    </ul>
  );
}

function Branch(props: {
  name: string;
  of: Shown;
  open?: boolean | undefined;
  depth: number;
  isTight?: boolean | undefined;
}) {
  const t = useTexts(texts);
  const { name, of, open, depth } = props;
  const isOpen = open ?? depth < 1;
  const label = name === '' ? null : <code>{name}</code>;
  if (of.kind === 'call') {
    return (
      <Opening isOpen={isOpen} head={<Head name={label}>{<Named pallet={of.pallet} name={of.name} />}</Head>}>
        <Fields of={of.fields} open={open} depth={depth + 1} isTight={props.isTight} />
      </Opening>
    );
  }
  if (of.kind === 'record' && !isFlat(of)) {
    return (
      <Opening isOpen={isOpen} head={<Head name={label}>{of.variant}</Head>}>
        <Fields of={of.fields} open={open} depth={depth + 1} isTight={props.isTight} />
      </Opening>
    );
  }
  if (of.kind === 'list' && of.items.some((item) => item.kind === 'call' || item.kind === 'record')) {
    const calls = callsWithin(of);
    const said =
      calls > 0 ? t('callsWithin', { count: calls }) : t('items', { count: of.items.length + of.omitted });
    return (
      <Opening isOpen={isOpen} head={<Head name={label}>{said}</Head>}>
        <Fields of={numbered(of.items)} open={open} depth={depth + 1} isTight={props.isTight} />
        {of.omitted > 0 ? <p className="x-quiet">{t('more', { count: of.omitted })}</p> : null}
      </Opening>
    );
  }
  return (
    <div className="x-field">
      {label ?? <span />}
      <span>
        <Value of={of} isTight={props.isTight} />
      </span>
    </div>
  );
}

function numbered(items: readonly Shown[]): readonly ShownField[] {
  return items.map((value, at) => ({ name: String(at), value }));
}

/** Whether a record says one thing in one word: `Id` and an account. */
function isFlat(of: Extract<Shown, { kind: 'record' }>): boolean {
  const [only] = of.fields;
  const isWord = of.fields.length === 0;
  return isWord || (of.fields.length === 1 && only?.name === '' && only.value.kind !== 'list');
}

function Head(props: { name: ReactNode; children?: ReactNode }) {
  return (
    <>
      {props.name === null ? null : <span className="x-quiet">{props.name} </span>}
      {props.children}
    </>
  );
}

/** Opens and closes by itself, and is set anew when all are opened or closed. */
function Opening(props: { isOpen: boolean; head: ReactNode; children: ReactNode }) {
  const [isOpen, setOpen] = useState(props.isOpen);
  return (
    <details open={isOpen} onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>{props.head}</summary>
      {isOpen ? props.children : null}
    </details>
  );
}

function Value(props: { of: Shown; isTight?: boolean | undefined }) {
  const t = useTexts(texts);
  const { of } = props;
  switch (of.kind) {
    case 'none':
      return <Nothing />;
    case 'plain':
      return <span className="numbers">{of.text}</span>;
    case 'text':
      return <>{of.text === '' ? <Nothing /> : of.text}</>;
    case 'account':
      return <AccountLink account={of.account} />;
    case 'hex':
      return <Hash of={of.hex} whole={props.isTight !== true && of.hex.length <= 66} />;
    case 'known':
      return <Known as={of.as} is={of.is} />;
    case 'call':
      return <Named pallet={of.pallet} name={of.name} />;
    case 'record': {
      const [only] = of.fields;
      return (
        <span className="x-row">
          {of.variant === undefined ? null : <Tag>{of.variant}</Tag>}
          {only === undefined ? null : <Value of={only.value} isTight={props.isTight} />}
        </span>
      );
    }
    case 'list':
      if (of.items.length === 0) return <>[ ]</>;
      return (
        <span className="x-row">
          {of.items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what is on the chain never changes its place.
            <Value key={at} of={item} isTight={props.isTight} />
          ))}
          {of.omitted > 0 ? <span className="x-quiet">{t('more', { count: of.omitted })}</span> : null}
        </span>
      );
  }
}

function Known({ as, is }: { as: FieldKind; is: string }) {
  const f = useFormat();
  switch (as) {
    case 'money':
      return <Money units={is} />;
    case 'fen':
      return <Money units={BigInt(is) * 10_000n} />;
    case 'seconds':
      return <When at={isoOf(BigInt(is) * 1000n)} />;
    case 'milliseconds':
      return <When at={isoOf(BigInt(is))} />;
    case 'company':
      return <CompanyLink id={is} />;
    case 'vehicle':
      return <VehicleLink id={is} />;
    case 'driver':
      return <DriverLink id={is} />;
    case 'permissions':
      return <Permissions bits={Number(is)} />;
    case 'city':
      return <span className="numbers">{is.padStart(6, '0')}</span>;
    case 'order':
    case 'text':
      return <span className="numbers">{is}</span>;
    default:
      return <span className="numbers">{f.count(is)}</span>;
  }
}

/** The last moment that a date can be. */
const latest = 8_640_000_000_000_000n;

function isoOf(milliseconds: bigint): string | undefined {
  return milliseconds > latest ? undefined : new Date(Number(milliseconds)).toISOString();
}

/** Decoded and raw, of one call or event. */
export function Decoded(props: { fields: readonly ShownField[]; raw: unknown; label?: ReactNode }) {
  const t = useTexts(texts);
  const [all, setAll] = useState<boolean | undefined>(undefined);
  const [isRaw, setRaw] = useState(false);
  const text = JSON.stringify(props.raw, null, 2);
  const isDeep = props.fields.some(
    ({ value }) => value.kind === 'list' || value.kind === 'record' || value.kind === 'call',
  );
  return (
    <div className="x-stack">
      <div className="x-row x-spread">
        <span>{props.label}</span>
        <span className="x-row">
          {isDeep && !isRaw ? (
            <Button size="small" onClick={() => setAll(all !== true)}>
              {t(all === true ? 'collapseAll' : 'expandAll')}
            </Button>
          ) : null}
          <Button size="small" onClick={() => setRaw(!isRaw)}>
            {t(isRaw ? 'decoded' : 'raw')}
          </Button>
          <Copy text={text} />
        </span>
      </div>
      {isRaw ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        <pre className="x-raw" tabIndex={0}>
          {text}
        </pre>
      ) : (
        <Fields key={String(all)} of={props.fields} {...(all === undefined ? {} : { open: all })} />
      )}
    </div>
  );
}
