import { App } from 'antd';
import { useState } from 'react';
import { useTexts } from '../../../i18n/useTexts';
import type { Hex } from '../../../proof/bytes';
import { documentHash } from '../../../proof/document';
import { texts } from './texts';

/** Hashes files of this computer. What cannot be read is said. */
export function useHashing() {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [running, setRunning] = useState(0);
  const hash = async (file: File): Promise<Hex | undefined> => {
    setRunning((count) => count + 1);
    try {
      return await documentHash(file);
    } catch {
      void message.error(t('unreadable', { name: file.name }));
      return undefined;
    } finally {
      setRunning((count) => count - 1);
    }
  };
  return { hash, isBusy: running > 0 };
}
