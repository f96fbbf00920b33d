import { useMemo, useSyncExternalStore } from 'react';
import { i18n, type Language, language } from './setup';
import { type English, type Say, say, type Texts } from './texts';

function follow(changed: () => void): () => void {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
}

/** The language of now. */
export function useLanguage(): Language {
  return useSyncExternalStore(follow, language, language);
}

/** `t('key', values)` of these texts, in the language of now. */
export function useTexts<E extends English>(texts: Texts<E>): Say<E> {
  const now = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language makes another `say`.
  return useMemo(() => say(texts), [texts, now]);
}
