import { describe, expect, it } from 'vitest';
import { trustOf, type Verdict, verify } from '..';
import { words } from '../words';
import { corpus, file, textOfCase, verdicts, WHOLE } from './support/files';

/** A text that cannot be read is refused by both, each in its own words; which of two reasons comes first is the parser's. */
const UNREAD = /^it (?:cannot be read as a bundle|is not written as bundles are)/;

function said(verdict: Verdict): string | null {
  return verdict.kind === 'refused' ? words.en.refusal(verdict.why) : null;
}

describe('the verdicts of the Rust verifier are those of the browser', () => {
  it.each(verdicts().map((one) => [one.name, one] as const))('%s', (_, one) => {
    const trust = one.trust === null ? null : trustOf(one.trust, one.set ?? '');
    const { verdict, steps, bundle } = verify(textOfCase(one), trust);
    if (one.says !== null && UNREAD.test(one.says)) {
      expect(said(verdict)).toMatch(UNREAD);
      expect(bundle).toBeNull();
    } else {
      expect(said(verdict)).toBe(one.says);
      expect(bundle).not.toBeNull();
    }
    if (verdict.kind !== 'refused') expect(verdict.kind).toBe(trust === null ? 'set_from_bundle' : 'proven');
    const broken = steps.filter((step) => step.refused !== null);
    expect(broken.map((step) => step.name)).toEqual(verdict.kind === 'refused' ? [verdict.step] : []);
  });

  it('has both kinds of many sorts', () => {
    const all = verdicts();
    const refused = new Set(all.flatMap(({ says }) => (says === null ? [] : [says.slice(0, 24)])));
    expect(all.filter(({ says }) => says === null).length).toBeGreaterThan(20);
    expect(refused.size).toBeGreaterThan(20);
  });
});

describe('what fuzzing keeps', () => {
  it('is no bundle, but for those of the chain', () => {
    const others = corpus().filter((path) => !WHOLE.includes(path));
    expect(others.length).toBeGreaterThan(100);
    for (const path of others) {
      expect(verify(file(path), null).verdict, path).toMatchObject({ kind: 'refused', step: 'text' });
    }
  });
});
