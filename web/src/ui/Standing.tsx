// How companies stand in the consortium, as all areas show it.

import { endsSoon, type Membership, type Standing, standingOf } from '../format/standing';
import { formatAgo, momentMs } from '../format/times';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { StateTag, type Tone } from './StateTag';
import { standingTexts } from './standingTexts';
import { Time } from './Time';
import { useNow } from './useNow';

const tones: Readonly<Record<Standing, Tone>> = {
  active: 'good',
  suspended: 'bad',
  expelled: 'bad',
  lapsed: 'warn',
};

/** Whether people act for a company; nothing where the index does not say. `past`: as of an earlier block. */
export function StandingTag(props: { of: Membership; past?: boolean }) {
  const t = useTexts(standingTexts);
  const now = useNow(60_000);
  const standing = standingOf(props.of, props.past === true ? undefined : now);
  return standing === undefined ? null : <StateTag tone={tones[standing]} text={t(standing)} />;
}

/** When a membership ends, and how soon that is. */
export function MemberUntil({ until }: { until: string | null }) {
  const t = useTexts(standingTexts);
  const language = useLanguage();
  const now = useNow(60_000);
  if (until === null) return t('withoutEnd');
  const left = formatAgo(until, now, language);
  return (
    <span className="with-copy">
      <Time at={until} />
      {momentMs(until) <= now || endsSoon(until, now) ? <StateTag tone="warn" text={left} /> : `(${left})`}
    </span>
  );
}
