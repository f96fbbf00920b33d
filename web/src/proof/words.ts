import type { Failure } from './ethereum/rpc';
import type { Refusal } from './refusal';
import type { StepName, Value, What } from './step';
import type { Verdict } from './verify';
import { en } from './words/en';
import { zh } from './words/zh';

/** What steps, values, refusals and verdicts are called in a language. */
export interface Words {
  /** A step's title, and what it computes from what. */
  readonly steps: Readonly<Record<StepName, { readonly title: string; readonly how: string }>>;
  readonly values: Readonly<Record<What, string>>;
  /** A value as it is shown: a number, bytes, or yes and no in the language. */
  shown(value: Value): string;
  /** The sentence why a step does not hold, and what to do. */
  refusal(why: Refusal): string;
  /** The sentence of what all steps together say. */
  verdict(verdict: Verdict): string;
  /** The sentence why the contract on Ethereum could not be asked, and what to do. */
  failure(why: Failure): string;
}

/** The words of each language of the portal. */
export const words: Readonly<Record<'en' | 'zh', Words>> = { en, zh };
