import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useChain } from '../../../chain/hooks';
import { useTexts } from '../../../i18n/useTexts';
import { Failed, Loading } from '../../../ui/answers';
import { useSettled } from '../../../ui/useSettled';
import { texts } from '../texts';

/** How long a node may take before somebody is told that it does not answer. */
const patienceMs = 12_000;

/** What a node tells, once it has told it. The connection comes back by itself. */
export function FromNode<T>(props: {
  value: T | undefined;
  rows?: number;
  children: (value: T) => ReactNode;
}) {
  const t = useTexts(texts);
  const { error } = useChain();
  const { value } = props;
  const late = useSettled(value === undefined, patienceMs);
  if (value !== undefined) return props.children(value);
  if (error !== undefined) return <Failed error={error} retry={() => window.location.reload()} />;
  if (!late) return <Loading rows={props.rows ?? 4} />;
  return (
    <div className="said" role="alert">
      <strong>{t('nodeSilent')}</strong>
      <p>{t('nodeSilentDo')}</p>
      <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
    </div>
  );
}
