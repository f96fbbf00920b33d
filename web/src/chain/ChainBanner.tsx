import { Alert, Button } from 'antd';
import { formatTime } from '../format/times';
import { useTexts } from '../i18n/useTexts';
import { useChainStatus } from './hooks';
import { chainTexts } from './texts';

/** Says when the chain cannot be reached or stands still; nothing while all is well. */
export function ChainBanner() {
  const t = useTexts(chainTexts);
  const status = useChainStatus();
  if (!status || status.state === 'connected') return null;
  switch (status.state) {
    case 'connecting':
      return status.attempts > 1 ? <Alert banner type="warning" role="status" title={t('lost')} /> : null;
    case 'stalled': {
      const values = { time: formatTime(status.since), block: String(status.finalised) };
      return <Alert banner type="warning" role="status" title={t('stalled', values)} />;
    }
    case 'wrong-network': {
      const { found, expected } = status;
      return <Alert banner type="error" role="alert" title={t('wrong', { found, expected })} />;
    }
    case 'closed':
      return (
        <Alert
          banner
          type="error"
          role="alert"
          title={t('closed')}
          action={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
        />
      );
  }
}
