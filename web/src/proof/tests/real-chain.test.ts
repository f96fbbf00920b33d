import { describe, expect, it } from 'vitest';
import { check, type Step, trustOf, verify } from '..';
import { FIXTURES_ROOT, fixture } from './support/files';

const trust = trustOf(FIXTURES_ROOT);

function shownAs(step: Step | undefined, what: string): string | undefined {
  const values = [...(step?.from ?? []), ...(step?.computed ?? [])];
  return values.findLast((value) => value.what === what)?.is;
}

describe('a receipt of a real chain', () => {
  const { steps, verdict, bundle } = verify(fixture('receipt'), trust);

  it('is proven a step at a time, from the text to the set that is trusted', () => {
    const names = ['text', 'receipt', 'batch', 'commitment', 'leaf', 'set', 'signatures', 'trust'];
    expect(steps.map((step) => step.name)).toEqual(names);
    expect(steps.every((step) => step.refused === null && step.computed.length > 0)).toBe(true);
    expect(verdict).toMatchObject({
      kind: 'proven',
      under: { by: 'root', trust: { root: FIXTURES_ROOT } },
      by: { validators: 4, signed: 3, root: FIXTURES_ROOT },
    });
  });

  it('shows what was computed from what', () => {
    const of = (name: string): Step | undefined => steps.find((step) => step.name === name);
    expect(shownAs(of('receipt'), 'row')).toBe('2');
    expect(shownAs(of('receipt'), 'rides')).toBe('3');
    expect(shownAs(of('leaf'), 'mmr_root')).toBe(shownAs(of('commitment'), 'signed_root'));
    expect(shownAs(of('batch'), 'checkpoint_root')).toBe(bundle?.leaf.extra);
    expect(shownAs(of('signatures'), 'wanted')).toBe('3');
  });

  it('is read with its amounts in units of a millionth, and its ids as texts', () => {
    if (bundle?.item.kind !== 'receipt') throw new Error('it is no receipt');
    const { receipt, batch } = bundle.item.body;
    expect(receipt).toMatchObject({ order: '915140434978676736', driver: 20, kind: 'trip', tolls: 0n });
    expect([receipt.fare, receipt.driver_share]).toEqual([25_600_000n, 19_968_000n]);
    expect(batch.drivers + batch.platform + batch.third_parties).toBe(batch.gross);
    expect([batch.company, batch.number]).toEqual([2, '5']);
  });

  it('can be posted from a worker', () => {
    expect(structuredClone({ steps, verdict, bundle })).toEqual({ steps, verdict, bundle });
  });

  it('is not proven to whoever names no set', () => {
    expect(verify(fixture('receipt'), null).verdict).toMatchObject({
      kind: 'set_from_bundle',
      by: { root: FIXTURES_ROOT },
    });
  });

  it('is shown up to the step that breaks', () => {
    const stranger = trustOf(`0x${'11'.repeat(32)}`);
    const walk = check(fixture('receipt'), stranger);
    const shown: Step[] = [];
    let next = walk.next();
    for (; next.done !== true; next = walk.next()) shown.push(next.value);
    expect(shown.at(-1)).toMatchObject({ name: 'trust', refused: { code: 'other_set' } });
    expect(next.value).toMatchObject({ verdict: { kind: 'refused', step: 'trust' } });
  });
});

describe('the other items of that chain', () => {
  it('has a vehicle with its plate', () => {
    const { bundle, verdict } = verify(fixture('vehicle'), trust);
    expect(verdict.kind).toBe('proven');
    expect(bundle?.item).toMatchObject({ body: { vehicle: { plate: '粤BF00000', status: 'in_service' } } });
  });

  it('has an anchor of telemetry', () => {
    const { bundle, verdict } = verify(fixture('anchor'), trust);
    expect(verdict.kind).toBe('proven');
    expect(bundle?.item).toMatchObject({ kind: 'anchor', body: { first_sequence: 1n, count: 150 } });
  });

  it.each([
    ['validators', /^0x10/],
    ['next-vehicle', /^0x3d000000$/],
  ])('has a value of the state: %s', (name, value) => {
    const { bundle, verdict, steps } = verify(fixture(name), trust);
    expect(verdict.kind).toBe('proven');
    expect(steps.slice(0, 3).map((step) => step.name)).toEqual(['text', 'header', 'state']);
    expect(bundle?.item).toMatchObject({ kind: 'storage', body: { value: expect.stringMatching(value) } });
  });

  it('shows that there is no value', () => {
    const { bundle, verdict } = verify(fixture('no-value'), trust);
    expect(verdict.kind).toBe('proven');
    expect(bundle?.item).toMatchObject({ kind: 'storage', body: { value: null } });
  });

  it('says where the root is on Ethereum', () => {
    const { bundle } = verify(fixture('on-ethereum'), trust);
    expect(bundle?.ethereum?.chain_id).toBe(31_337n);
  });
});

describe('a root that somebody types', () => {
  it('is taken with capital digits and blanks around it', () => {
    const root = ` ${FIXTURES_ROOT.toUpperCase().replace('0X', '0x')}\n`;
    expect(trustOf(root, ' 8 ')).toEqual({ root: FIXTURES_ROOT, set: '8' });
  });

  it.each(['', '0x', '0x12', FIXTURES_ROOT.slice(2), `${FIXTURES_ROOT}00`, FIXTURES_ROOT.replace('2', 'g')])(
    'is none: %s',
    (root) => {
      expect(trustOf(root)).toBeNull();
    },
  );

  it.each(['-1', '08', '1e3', 'x'])('has no such set: %s', (set) => {
    expect(trustOf(FIXTURES_ROOT, set)).toBeNull();
  });
});
