import { Alert, Button } from 'antd';
import { useSyncExternalStore } from 'react';
import { useLive } from '../api/hooks';
import { live } from '../api/live';
import { shorten } from '../format/ids';
import { formatTime } from '../format/times';
import { useTexts } from '../i18n/useTexts';
import { useSettled } from '../ui/useSettled';
import { useChains } from './chains';
import { useStandstill } from './standstill';
import { appTexts } from './texts';

function followNetwork(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

/**
 * What everybody has to know wherever they are: no network, a lost connection, a node of another chain, a chain that stands
 * still.
 */
export function Banners() {
  const t = useTexts(appTexts);
  const online = useSyncExternalStore(followNetwork, () => window.navigator.onLine);
  // A connection that is back at once is none to speak of.
  const lost = useSettled(useLive() === 'waiting', 2_000);
  const chains = useChains();
  const still = useStandstill();
  return (
    <div className="banners" role="status">
      {!online ? <Alert type="warning" showIcon title={t('offline')} /> : null}
      {online && lost ? (
        <Alert
          type="warning"
          showIcon
          title={t('lost')}
          action={
            <Button size="small" onClick={() => live.retry()}>
              {t('retryNow')}
            </Button>
          }
        />
      ) : null}
      {chains !== null && chains.node !== chains.service ? (
        <Alert
          type="error"
          showIcon
          title={t('wrongNode', { node: shorten(chains.node), service: shorten(chains.service) })}
        />
      ) : null}
      {still !== null ? (
        <Alert
          type="warning"
          showIcon
          title={t('standstill', { time: formatTime(still.firstMs), block: String(still.block) })}
        />
      ) : null}
    </div>
  );
}
