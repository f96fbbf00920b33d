/** Another text: of the same, of something else, or damaged. Names are those of indexer/proofs/tests/hostile.rs. */
import { describe, expect, it } from 'vitest';
import { type Bundle, type Trust, verify } from '..';
import { LONGEST, parse, sealed, textOf, unseal } from '../bundle';
import { utf8 } from '../bytes';
import { eachOther } from './support/other';
import * as small from './support/small';

const trust: Trust = { root: small.validators().root(), set: small.SET };

function bodyOf(bundle: Bundle): string {
  return `${textOf(bundle).slice(0, -77)}}`;
}

function isRead(text: Uint8Array): boolean {
  try {
    parse(unseal(text));
    return true;
  } catch {
    return false;
  }
}

/** The way that shows that a state does not hold a key shows the same of its neighbours: another statement, and as true. */
function isAsTrue(other: Bundle, bundle: Bundle): boolean {
  const isOfNothing = [other, bundle].every(
    ({ item }) => item.kind === 'storage' && item.body.value === null,
  );
  if (!isOfNothing || other.item.kind !== 'storage' || bundle.item.kind !== 'storage') return false;
  const key = other.item.body.key.slice(2).match(/../g) ?? [];
  const isHeld = small.state().way(Uint8Array.from(key, (byte) => Number.parseInt(byte, 16))).value !== null;
  return !isHeld && textOf({ ...other, item: bundle.item }) === textOf(bundle);
}

describe('the text', () => {
  it.each(small.all())(
    'every flipped bit of the text is refused: %s',
    (name, bundle) => {
      const text = utf8(textOf(bundle));
      // Every bit of one, and a bit of every byte of the others.
      const bits = (at: number): readonly number[] =>
        name === 'receipt' ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8];
      const taken = Array.from(text).flatMap((byte, at) =>
        bits(at).filter((bit) => isRead(text.with(at, byte ^ (1 << bit)))),
      );
      expect(taken).toEqual([]);
    },
    120_000,
  );

  it.each(small.all())('nothing can be put before or behind it, and nothing cut off: %s', (_, bundle) => {
    const text = textOf(bundle);
    expect(isRead(utf8(text))).toBe(true);
    for (const other of [`${text}\n`, ` ${text}`, `\ufeff${text}`, text.slice(1), text.slice(0, -1)]) {
      expect(isRead(utf8(other))).toBe(false);
    }
  });

  it.each(small.all().filter(([, bundle]) => bundle.ethereum === null))(
    'a flipped bit under a new seal is refused: %s',
    (_, bundle) => {
      const body = utf8(bodyOf(bundle));
      // A bit of each third byte.
      const step = 3;
      let read = 0;
      for (const [at, byte] of body.entries()) {
        if (at % step !== 0) continue;
        const flipped = body.with(at, byte ^ (1 << ((at / step) % 7)));
        const text = utf8(sealed(new TextDecoder().decode(flipped)));
        const other = verify(text, trust);
        read += other.bundle === null ? 0 : 1;
        const proves = other.bundle !== null && other.verdict.kind === 'proven';
        const before = new TextDecoder().decode(body.subarray(Math.max(0, at - 60), at));
        if (proves && other.bundle !== null)
          expect(isAsTrue(other.bundle, bundle), `behind ${before}`).toBe(true);
      }
      expect(read).toBeGreaterThan(100);
    },
    120_000,
  );

  it.each(small.all().filter(([, bundle]) => bundle.ethereum === null))(
    'a change of any field is refused: %s',
    (_, bundle) => {
      let [tried, read] = [0, 0];
      eachOther(JSON.parse(bodyOf(bundle)), (document, path) => {
        tried += 1;
        const other = verify(utf8(sealed(JSON.stringify(document))), trust);
        if (other.bundle === null) return;
        read += 1;
        if (other.verdict.kind === 'proven') expect(isAsTrue(other.bundle, bundle), path).toBe(true);
      });
      expect(tried).toBeGreaterThan(read);
      expect(read).toBeGreaterThan(200);
    },
    120_000,
  );

  it('another text of the same is refused', () => {
    const body = bodyOf(small.receipt());
    const other = (from: string, to: string): string | undefined => {
      expect(body).toContain(from);
      const { verdict } = verify(utf8(sealed(body.replace(from, () => to))), trust);
      return verdict.kind === 'refused' ? verdict.why.code : undefined;
    };
    expect(other(',"leaf"', ', "leaf"')).toBe('other_text');
    expect(other('"kind":"trip"', '"kind":"\\u0074rip"')).toBe('other_text');
    expect(other('"row":10', '"row":1e1')).toBe('other_text');
    expect(other('"row":10', '"row":10,"row":10')).toBe('other_text');
    expect(other('"item":1,"items":3', '"items":3,"item":1')).toBe('other_text');
    expect(other('"number":"9"', '"number":"09"')).toBe('unread');
    expect(other('"number":"9"', '"number":"+9"')).toBe('unread');
    expect(other('"number":"9"', '"number":9')).toBe('unread');
    expect(other('0x0808', '0X0808')).toBe('unread');
    expect(other('"row":10', '"row":10,"note":1')).toBe('unread');
    expect(other('"row":10', '"row":10,"__proto__":1')).toBe('unread');
    expect(other('"row":10,', '')).toBe('unread');
    expect(other('proof-1', 'proof-2')).toBe('unread');
    expect(other('{"receipt":{"receipt"', '{"constructor":{"receipt"')).toBe('unread');
    expect(verify(utf8(sealed(`${body.slice(0, -1)},"ethereum":null}`)), trust).bundle).toBeNull();
  });

  it('what is no bundle at all is refused', () => {
    const why = (text: Uint8Array): unknown => verify(text, null).verdict;
    expect(why(new Uint8Array(LONGEST + 1))).toMatchObject({ why: { code: 'too_long' } });
    expect(why(new Uint8Array())).toMatchObject({ why: { code: 'no_seal' } });
    expect(why(Uint8Array.of(0xff, 0xfe))).toMatchObject({ why: { code: 'no_seal' } });
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    for (const body of ['}', '{}', '{"a":1}', '[}', 'null}', deep]) {
      expect(why(utf8(sealed(body)))).toMatchObject({ why: { code: 'unread' } });
    }
  });

  it('half a pair of surrogates is refused, though JSON can write it', () => {
    const body = bodyOf(small.vehicle()).replace('粤B12345', '粤B\\ud800');
    expect(verify(utf8(sealed(body)), trust).verdict).toMatchObject({ why: { code: 'unread' } });
  });
});
