import { describe, expect, it } from 'vitest';
import { type Failure, type Refusal, trustOf, type Verdict, verify } from '..';
import { words } from '../words';
import { FIXTURES_ROOT, fixture, textOfCase, verdicts } from './support/files';

/** Hashes and numbers of a sentence: what both languages have to tell. */
function figuresOf(sentence: string): readonly string[] {
  return [...(sentence.match(/0x[0-9a-f]{6,}|(?<![\w.])[0-9]{2,}(?!\w|\.[0-9])/g) ?? [])].sort();
}

const refusals = verdicts().flatMap((one): readonly Refusal[] => {
  const trust = one.trust === null ? null : trustOf(one.trust, one.set ?? '');
  const { verdict } = verify(textOfCase(one), trust);
  return verdict.kind === 'refused' ? [verdict.why] : [];
});

describe('words', () => {
  it('are there for every step and value, in both languages, each its own', () => {
    for (const { steps, values } of [words.en, words.zh]) {
      const titles = Object.values(steps).map((step) => step.title);
      expect(new Set(titles).size).toBe(titles.length);
      expect(new Set(Object.values(values)).size).toBe(Object.values(values).length);
    }
    for (const [what, said] of Object.entries(words.zh.values)) expect(said, what).toMatch(/\p{Script=Han}/u);
  });

  it('tell the same hashes and numbers of what is refused', () => {
    expect(new Set(refusals.map((why) => why.code)).size).toBeGreaterThan(20);
    for (const why of refusals) {
      const [english, chinese] = [words.en.refusal(why), words.zh.refusal(why)];
      expect(chinese).toMatch(/\p{Script=Han}/u);
      if (why.code === 'unread' || why.code === 'payload_missing') continue;
      expect(figuresOf(chinese), english).toEqual(figuresOf(english));
    }
  });

  it('say yes and no', () => {
    const value = { what: 'holds_root', is: 'yes' } as const;
    expect([words.en.shown(value), words.zh.shown(value)]).toEqual(['yes', '是']);
    expect(words.zh.shown({ what: 'holds_root', is: 'no' })).toBe('否');
    expect(words.zh.shown({ what: 'block', is: '77' })).toBe('77');
  });

  it('say whose set it is', () => {
    const all: readonly Verdict[] = [
      verify(fixture('receipt'), trustOf(FIXTURES_ROOT)).verdict,
      verify(fixture('receipt'), null).verdict,
    ];
    for (const verdict of all) {
      for (const language of [words.en, words.zh]) expect(language.verdict(verdict)).toContain(FIXTURES_ROOT);
    }
  });

  it('say what to do when nobody answers', () => {
    const failures: readonly Failure[] = [
      { code: 'bad_url' },
      { code: 'bad_address' },
      { code: 'unreachable' },
      { code: 'ended' },
      { code: 'silent', seconds: 10 },
      { code: 'status', status: 503 },
      { code: 'garbled', method: 'eth_call', why: 'set' },
      { code: 'refused', method: 'eth_call', said: 'no' },
      { code: 'no_contract', chainId: 31_337n },
    ];
    for (const failure of failures) {
      expect(words.en.failure(failure)).toMatch(/\.$/);
      expect(words.zh.failure(failure)).toMatch(/\p{Script=Han}.*。$/u);
      expect(figuresOf(words.zh.failure(failure))).toEqual(figuresOf(words.en.failure(failure)));
    }
  });
});
