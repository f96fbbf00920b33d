// Things of the chain, as they are named everywhere: short, whole in the title, with a way to their page.
import { shorten, ss58 } from '../format/ids';
import { formatCount } from '../format/numbers';
import { useLanguage } from '../i18n/useTexts';
import { accountPath, blockPath, extrinsicPath } from '../route/paths';
import { Copy } from './Copy';
import { PathLink } from './PathLink';
import './page.css';

export { PathLink } from './PathLink';

/** An account, in SS58 or hexadecimal digits; `name` is shown in its place, with the account as title. */
export function AccountName(props: {
  account: string;
  name?: string | undefined;
  copy?: boolean;
  whole?: boolean;
}) {
  const account = ss58(props.account);
  const text = props.whole === true ? account : shorten(account, 6, 6);
  return (
    <span className="with-copy">
      <PathLink to={accountPath(account)} title={account} className={props.name === undefined ? 'code' : ''}>
        {props.name ?? text}
      </PathLink>
      {props.copy === true ? <Copy text={account} /> : null}
    </span>
  );
}

/** A block by its number. */
export function BlockLink(props: { number: number | string }) {
  const language = useLanguage();
  return (
    <PathLink to={blockPath(props.number)} className="numbers">
      {formatCount(String(props.number), language)}
    </PathLink>
  );
}

/** An extrinsic by `block-index`. */
export function ExtrinsicLink(props: { id: string }) {
  return (
    <PathLink to={extrinsicPath(props.id)} className="numbers">
      {props.id}
    </PathLink>
  );
}

/** A hash, short unless `whole`; with a way to its page where there is one. */
export function Hash(props: { value: string; to?: string; copy?: boolean; whole?: boolean }) {
  const text = props.whole === true ? props.value : shorten(props.value);
  return (
    <span className="with-copy">
      {props.to === undefined ? (
        <span className="code" title={props.value}>
          {text}
        </span>
      ) : (
        <PathLink to={props.to} title={props.value} className="code">
          {text}
        </PathLink>
      )}
      {props.copy === false ? null : <Copy text={props.value} />}
    </span>
  );
}
