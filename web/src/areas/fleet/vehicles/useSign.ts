import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { DecodedCall } from '../../../chain/metadata';
import { useTexts } from '../../../i18n/useTexts';
import { submit } from '../../../wallet/requests';
import { texts } from '../texts';

/** The index reads a final block a moment after the node, when both are busy a long one: so often it is asked again. */
const AGAIN_MS = [3_000, 8_000, 20_000, 45_000, 90_000] as const;

/** Has a call signed and followed to its end. True: it is final and was carried out. */
export function useSign(): (call: DecodedCall) => Promise<boolean> {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const queries = useQueryClient();
  return async (call) => {
    const outcome = await submit(call);
    if (outcome.result === 'cancelled') return false;
    if (outcome.result === 'done') void message.success(t('chainDone'));
    else if (outcome.result === 'unknown') void message.warning(t('chainUnknown'));
    else void message.error(t('chainFailed'));
    await again(queries);
    for (const later of AGAIN_MS) setTimeout(() => void again(queries), later);
    return outcome.result === 'done';
  };
}

async function again(queries: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['fleet'] }),
    queries.invalidateQueries({ queryKey: ['index'] }),
    queries.invalidateQueries({ queryKey: ['api', 'devices_list'] }),
  ]);
}
