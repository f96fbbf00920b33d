import { useFormat } from '../../../format/useFormat';
import { useTexts } from '../../../i18n/useTexts';
import { Amount } from '../../../ui/Amount';
import { PathLink } from '../../../ui/PathLink';
import { spans } from '../earnings/spans';
import { useEarned } from '../earnings/useEarned';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { unsettled } from '../work/feed';

/** What today brought so far. */
export function Today() {
  const t = useTexts(texts);
  const f = useFormat();
  const { feed } = useWork();
  const { query, nowMs } = useEarned('day', 1);
  const [day] = query.data === undefined ? [] : spans('day', 1, query.data.ridesAggregate, nowMs);
  const rating = feed.driver?.rating_permille;
  const open = unsettled(feed).length;
  const unknown = query.error === null ? '…' : '—';
  return (
    <dl className="d-today">
      <div>
        <dt>{t('earnedToday')}</dt>
        <dd>
          <PathLink to="/driver/earnings">
            {day === undefined ? unknown : <Amount value={day.earned} fen />}
          </PathLink>
        </dd>
      </div>
      <div>
        <dt>
          {t('ridesToday')}
          {open === 0 ? null : <small>{t('unsettled', { count: open })}</small>}
        </dt>
        <dd>{day === undefined ? unknown : f.count(day.rides)}</dd>
      </div>
      <div>
        <dt>{t('rating')}</dt>
        <dd>{rating === undefined ? t('noRating') : f.decimal(rating / 1000, 2)}</dd>
      </div>
    </dl>
  );
}
