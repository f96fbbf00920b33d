// Any error in the words of the language of now: what went wrong, what to do, and what the service said of it.
import { say } from '../i18n/texts';
import { IndexError } from '../index/errors';
import { ApiError } from './errors';
import { errorTexts } from './texts';

export interface Explained {
  readonly title: string;
  readonly remedy: string;
  /** What the service itself said, in its words, where that tells more. */
  readonly detail: string | undefined;
}

type Name = Extract<keyof typeof errorTexts.en, `${string}.do`> extends `${infer N}.do` ? N : never;

function isKnown(name: string): name is Name {
  return Object.hasOwn(errorTexts.en, `${name}.do`);
}

/** What fails when a page of before the last release asks for a file that is no more. */
function isOldPage(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /dynamically imported module|module script failed|Failed to fetch dynamically/i.test(error.message)
  );
}

export function errorName(error: unknown): string {
  if (error instanceof ApiError || error instanceof IndexError) return error.errorName;
  return isOldPage(error) ? 'page_old' : 'page_failed';
}

export function explain(error: unknown): Explained {
  const t = say(errorTexts);
  const found = errorName(error);
  const name = isKnown(found) ? found : 'unknown';
  const message = error instanceof Error ? error.message : String(error);
  return { title: t(name), remedy: t(`${name}.do`), detail: message === '' ? undefined : message };
}
