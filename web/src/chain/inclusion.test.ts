import { describe, expect, it } from 'vitest';
import { eventsOf, inclusionOf } from './inclusion';

const block = { hash: '0x01', number: 7, index: 2 };
const record = (phase: unknown, pallet: string, name: string, value?: unknown) => ({
  phase,
  event: { type: pallet, value: { type: name, value } },
  topics: [],
});
const mine = { type: 'ApplyExtrinsic', value: 2 };
const broke = { type: 'Token', value: { type: 'FundsUnavailable', value: undefined } };
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const withdrawn = (who: string) => record(mine, 'Balances', 'Withdraw', { who, amount: 1_000n });
const charged = record(mine, 'TransactionPayment', 'TransactionFeePaid', {
  who: ALICE,
  actual_fee: 904n,
  tip: 0n,
});
const notYours = {
  type: 'Module',
  value: { type: 'Consortium', value: { type: 'NoRole', value: undefined } },
};

describe('what a transaction did', () => {
  it('is read from its own events alone', () => {
    const events = eventsOf(
      [
        record({ type: 'Initialization' }, 'Session', 'NewSession'),
        record({ type: 'ApplyExtrinsic', value: 1 }, 'System', 'ExtrinsicFailed', { dispatch_error: broke }),
        withdrawn(ALICE),
        charged,
        record(mine, 'System', 'ExtrinsicSuccess'),
      ],
      2,
    );
    expect(events.map((e) => e.name)).toEqual(['Withdraw', 'TransactionFeePaid', 'ExtrinsicSuccess']);
    expect(inclusionOf(block, events)).toMatchObject({ refusal: undefined, parts: [], fee: 904n });
  });

  it('is nothing when it failed, and the fee is gone all the same', () => {
    const events = eventsOf(
      [withdrawn(ALICE), charged, record(mine, 'System', 'ExtrinsicFailed', { dispatch_error: notYours })],
      2,
    );
    const { refusal, fee } = inclusionOf(block, events);
    expect(refusal).toEqual({ kind: 'pallet', pallet: 'Consortium', name: 'NoRole' });
    expect(fee).toBe(904n);
  });

  it('cost nothing where an allowance took the fee, whatever money the call itself moved', () => {
    const moved = record(mine, 'Balances', 'Transfer', { from: ALICE, to: BOB, amount: 5n });
    for (const before of [[], [moved], [withdrawn(BOB)], [moved, withdrawn(ALICE)]]) {
      const events = eventsOf([...before, charged, record(mine, 'System', 'ExtrinsicSuccess')], 2);
      expect(inclusionOf(block, events).fee).toBeUndefined();
    }
  });

  it('may be less than was asked: a step of a batch, a motion, a call of the highest power', () => {
    const events = eventsOf(
      [
        record(mine, 'Utility', 'BatchInterrupted', { index: 1, error: broke }),
        record(mine, 'Council', 'Executed', {
          proposal_hash: '0x02',
          result: { success: false, value: notYours },
        }),
        record(mine, 'Multisig', 'MultisigExecuted', { result: { success: true, value: undefined } }),
        record(mine, 'System', 'ExtrinsicSuccess'),
      ],
      2,
    );
    const { refusal, parts, fee } = inclusionOf(block, events);
    expect(refusal).toBeUndefined();
    expect(fee).toBeUndefined();
    expect(parts).toEqual([
      { where: 'Utility.BatchInterrupted', refusal: { kind: 'dispatch', name: 'Token.FundsUnavailable' } },
      { where: 'Council.Executed', refusal: { kind: 'pallet', pallet: 'Consortium', name: 'NoRole' } },
    ]);
  });

  it('refuses what are no events', () => {
    expect(() => eventsOf([{ phase: 1 }], 0)).toThrow();
  });
});
