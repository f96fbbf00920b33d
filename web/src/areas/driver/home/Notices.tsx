import { Alert, Button } from 'antd';
import { explain } from '../../../api/explain';
import { useFormat } from '../../../format/useFormat';
import { useLanguage, useTexts } from '../../../i18n/useTexts';
import { useNow } from '../../../ui/useNow';
import { texts } from '../texts';
import { useWork } from '../work/context';
import { mayWait } from '../work/steps';

/** A step that is answered within this is none to speak of. */
const soonMs = 3_000;

/** What stands in the way: no position, positions that do not get through, steps that wait. */
export function Notices() {
  return (
    <div className="d-notices" role="status">
      <PositionNotice />
      <WaitingNotice />
    </div>
  );
}

function PositionNotice() {
  const t = useTexts(texts);
  const f = useFormat();
  const { tracker, tracking } = useWork();
  const nowMs = useNow(5_000);
  const { trouble, fix, waiting, failure } = tracking;
  if (trouble !== null) {
    const again =
      trouble === 'unsupported' ? null : (
        <Button size="small" onClick={() => void tracker.ask()}>
          {t('askAgain')}
        </Button>
      );
    const title =
      trouble === 'stale' && fix !== null ? t('staleSince', { time: f.ago(fix.atMs, nowMs) }) : t(trouble);
    return <Alert type="warning" showIcon title={title} description={t(`${trouble}Do`)} action={again} />;
  }
  if (failure !== null && waiting > 5)
    return (
      <Alert
        type="warning"
        showIcon
        title={t('notReported', { count: waiting })}
        description={explain(failure).title}
      />
    );
  return null;
}

function WaitingNotice() {
  // `explain` speaks the language of now.
  useLanguage();
  const t = useTexts(texts);
  const f = useFormat();
  const { waiting, held, retry } = useWork();
  const nowMs = useNow(1_000);
  const old = waiting.filter((step) => nowMs - step.madeMs > soonMs);
  if (old.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('stepsWait', { count: old.length })}
      description={
        <>
          <ul className="d-steps">
            {old.map((step) => (
              <li key={step.key}>
                {f.clock(step.madeMs)} {t(step.method)}
                {mayWait(step.method) ? ` · ${t('youMayGoOn')}` : ` · ${t('waitForAnswer')}`}
              </li>
            ))}
          </ul>
          {held === null ? null : explain(held.error).title}
        </>
      }
      action={
        <Button size="small" onClick={retry}>
          {t('sendNow')}
        </Button>
      }
    />
  );
}
