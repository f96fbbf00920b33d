import { createInstance } from 'i18next';

export type Language = 'en' | 'zh';

export const languages: readonly Language[] = ['zh', 'en'];

/** How a language calls itself. */
export const languageNames: Readonly<Record<Language, string>> = { zh: '简体中文', en: 'English' };

/** What browsers and `Intl` call it. */
export const locales: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' };

const remembered = 'smartlink.language';

/** The remembered language, else the first of the system's that there is, else English. */
export function firstLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'en' || language === 'zh') return language;
  }
  return 'en';
}

function initial(): Language {
  if (typeof window === 'undefined') return 'en';
  return firstLanguage(window.localStorage.getItem(remembered), window.navigator.languages);
}

export const i18n = createInstance();

void i18n.init({
  lng: initial(),
  fallbackLng: false,
  supportedLngs: ['en', 'zh'],
  initAsync: false,
  resources: {},
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
});

export function language(): Language {
  return i18n.language === 'zh' ? 'zh' : 'en';
}

export function setLanguage(next: Language): void {
  if (typeof window !== 'undefined') window.localStorage.setItem(remembered, next);
  void i18n.changeLanguage(next);
}
