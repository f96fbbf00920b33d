/** Bundles that lie in files: those of real chains, and what the fuzzing of the Rust verifier keeps. */
import { readdirSync, readFileSync } from 'node:fs';
import { sealed } from '../../bundle';
import { utf8 } from '../../bytes';

const REPOSITORY = new URL('../../../../../', import.meta.url);
const CORPUS = 'indexer/proofs/tests/__fuzz__/any_bytes_as_a_bundle_are_refused_without_panic/corpus/';
const FIXTURES = 'web/src/proof/fixtures/';

/** The validators of the chain that the fixtures are of. */
export const FIXTURES_ROOT = '0x2145814fb41496b2881ca364a06e320fd1bf2fa7b94e1e37325cefbe29056519';

/** The bundles of the corpus that are whole. */
export const WHOLE = ['receipt', 'vehicle', 'anchor', 'next-vehicle', 'beefy-authorities', 'nothing'].map(
  (name) => CORPUS + name,
);

/** A file of the repository. */
export function file(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, REPOSITORY)));
}

/** Every file of the corpus. */
export function corpus(): readonly string[] {
  return readdirSync(new URL(CORPUS, REPOSITORY)).map((name) => CORPUS + name);
}

/** A bundle among the fixtures, by its name. */
export function fixture(name: string): Uint8Array {
  return file(`${FIXTURES}${name}.bundle`);
}

/** What the Rust verifier says of a bundle, as it is or changed under a new seal. */
export interface Case {
  readonly name: string;
  readonly of: string;
  /** Pieces of the text without its seal, each with what stands there instead. */
  readonly change: readonly (readonly [string, string])[];
  readonly trust: string | null;
  readonly set: string | null;
  /** `null`: it proves what it says. Otherwise the sentence why not, or how that begins. */
  readonly says: string | null;
}

/** What the Rust verifier says: `indexer/proofs/tests/verdicts.rs` holds it to the same. */
export function verdicts(): readonly Case[] {
  return JSON.parse(new TextDecoder().decode(file(`${FIXTURES}verdicts.json`)));
}

/** The text of a case. */
export function textOfCase({ of, change }: Case): Uint8Array {
  const whole = file(of);
  if (change.length === 0) return whole;
  const text = new TextDecoder().decode(whole);
  const changed = change.reduce(
    (body, [from, to]) => {
      if (!body.includes(from)) throw new Error(`${of} has no ${from}`);
      return body.replace(from, () => to);
    },
    text.replace(/,"seal":"0x[0-9a-f]{64}"}$/, '}'),
  );
  return utf8(sealed(changed));
}
