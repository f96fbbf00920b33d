import type { Language } from '../../../i18n/setup';

/**
 * A sentence in both languages. `{price}` stands for an argument, said as its type in the metadata says; `{name|text}`
 * for one whose type says too little; `{batch.orders|count}` for a field of an argument.
 */
export type Template = Readonly<Record<Language, string>>;

/** Arguments of a call by name, to choose a sentence by. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The sentence of a call, or how to choose it by what the call carries. */
export type Sentence = Template | ((args: Arguments) => Template);

/** Sentences by the names of a pallet's calls. */
export type Sentences = Readonly<Record<string, Sentence>>;

/** Whether an optional argument is there. */
export const given = (value: unknown): boolean => value !== undefined && value !== null;

/** The name of an enumeration's value. */
export function variantOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return typeof value.type === 'string' ? value.type : undefined;
}
