import type { Driver } from '../../../api/methods';
import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { PathLink } from '../../../ui/PathLink';
import { StateTag } from '../../../ui/StateTag';
import { orderPath } from '../parts/names';
import { texts } from './texts';

/** What a driver on duty does now, with the way to the order. */
export function Doing({ driver }: { driver: Driver }) {
  const t = useTexts(texts);
  const f = useFormat();
  const { order, next_order: next, offered } = driver;
  if (order !== undefined) {
    return (
      <span className="o-row">
        <PathLink to={orderPath(order)}>
          <StateTag tone="busy" text={t('busy', { order })} />
        </PathLink>
        {next === undefined ? null : <PathLink to={orderPath(next)}>{t('next', { order: next })}</PathLink>}
      </span>
    );
  }
  if (offered !== undefined) {
    return (
      <PathLink to={orderPath(offered)}>
        <StateTag tone="warn" text={t('asked', { order: offered })} />
      </PathLink>
    );
  }
  return <StateTag tone="good" text={t('idleSince', { time: f.clock(driver.idle_since_ms) })} />;
}
