// Texts in English and Chinese, by namespace. English decides which keys there are: Chinese without one of them, or with
// one more, is a type error, and so is a key or a value that a text does not have.
import { i18n } from './setup';

/** Keys `x_one` and `x_other` are the singular and plural of `x`. */
type Plural<K extends string> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;

/** Chinese has no singular form: only `x_other`. */
type ChineseKeys<K extends string> = Exclude<K, `${string}_one`>;

/** The names of `{{name}}` in a text. */
type Names<T extends string> = T extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

type Values<T extends string> = [Names<T>] extends [never] ? [] : [values: Record<Names<T>, string | number>];

export type English = Readonly<Record<string, string>>;

export interface Texts<E extends English> {
  readonly namespace: string;
  readonly en: E;
}

type Source<E extends English, K extends string> = E[keyof E & (K | `${K}_one` | `${K}_other`)];

export type Key<E extends English> = Plural<keyof E & string>;

/** Says the text of a key; the values are those of its `{{names}}`. */
export type Say<E extends English> = <K extends Key<E>>(
  key: K,
  ...values: Values<Source<E, K> & string>
) => string;

const known = new Map<string, { readonly en: English; readonly zh: English }>();

export function defineTexts<const E extends English>(
  namespace: string,
  texts: {
    readonly en: E;
    readonly zh: { readonly [K in ChineseKeys<keyof E & string>]: string } & {
      readonly [K in Extract<keyof E & string, `${string}_one`>]?: never;
    };
  },
): Texts<E> {
  known.set(namespace, { en: texts.en, zh: texts.zh as English });
  i18n.addResourceBundle('en', namespace, texts.en);
  i18n.addResourceBundle('zh', namespace, texts.zh);
  return { namespace, en: texts.en };
}

/** All texts that were defined so far, for tests. */
export function definedTexts(): ReadonlyMap<string, { readonly en: English; readonly zh: English }> {
  return known;
}

/** Says a text outside React, in the language of now. */
export function say<E extends English>(texts: Texts<E>): Say<E> {
  const fixed = i18n.getFixedT(null, texts.namespace);
  return (key, ...values) => fixed(key, values[0] ?? {});
}
