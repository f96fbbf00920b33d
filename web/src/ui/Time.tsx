import { formatAgo, formatTime, formatUtc, type Moment, momentMs } from '../format/times';
import { useLanguage } from '../i18n/useTexts';
import { useNow } from './useNow';
import './page.css';

/** A time by the local clock, with seconds; its title is the same in UTC. */
export function Time(props: { at: Moment }) {
  return (
    <time
      className="numbers"
      dateTime={new Date(momentMs(props.at)).toISOString()}
      title={formatUtc(props.at)}
    >
      {formatTime(props.at)}
    </time>
  );
}

/** How long ago, as it grows; its title is the time. */
export function Ago(props: { at: Moment }) {
  const language = useLanguage();
  const now = useNow(1_000);
  return (
    <time
      className="numbers"
      dateTime={new Date(momentMs(props.at)).toISOString()}
      title={`${formatTime(props.at)} (${formatUtc(props.at)})`}
    >
      {formatAgo(props.at, Math.max(now, momentMs(props.at)), language)}
    </time>
  );
}
