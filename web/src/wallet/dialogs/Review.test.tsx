// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { describeCall } from '../../chain/calls/describe';
import { type DecodedCall, Metadata } from '../../chain/metadata';
import { i18n } from '../../i18n/setup';
import type { Draft } from '../transaction';
import { Review } from './Review';

const metadata = new Metadata(
  new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../../offchain/chain/metadata.scale'))),
);
const call: DecodedCall = {
  type: 'Allowance',
  value: { type: 'draw_on', value: { company: 2 } },
};
const draft: Draft = {
  call,
  bytes: metadata.encodeCall(call),
  account: {
    address: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    name: 'Alice',
    source: { type: 'keystore' },
    kind: 'sr25519',
    genesis: undefined,
  },
  fee: 904n,
  payer: undefined,
  nonce: 0,
  balance: {
    free: 1_000_000n,
    reserved: 0n,
    frozen: 0n,
    spendable: 1_000_000n,
    payable: 999_999n,
    exists: true,
  },
  genesis: `0x${'cd'.repeat(32)}`,
  specVersion: 102,
  metadata,
};
const payer = { company: 2, name: '星河出行', left: 8_799_000n, max: 10_000_000n, recovery: 33_334n };
const broke = { free: 1n, reserved: 0n, frozen: 0n, spendable: 1n, payable: 0n, exists: true };

afterEach(async () => {
  cleanup();
  await act(() => i18n.changeLanguage('en'));
});

const show = (changed: Partial<Draft>) =>
  render(<Review draft={{ ...draft, ...changed }} description={describeCall(metadata, call, 'en')} />);

test('who draws on no company is told the fee', () => {
  show({});
  expect(screen.getByText('¥0.000904 (estimated)')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('who draws on a company pays nothing while there is room, also without money', async () => {
  show({ payer, balance: broke });
  expect(screen.getByText('No fee: within the allowance of 星河出行 (87 % left)')).toBeTruthy();
  expect(screen.queryByText(/estimated/)).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
  await act(() => i18n.changeLanguage('zh'));
  expect(screen.getByText('无需手续费：计入星河出行的免费额度（剩余 87%）')).toBeTruthy();
});

test('a company without a name goes by its number', () => {
  show({ payer: { ...payer, name: undefined } });
  expect(screen.getByText(/^No fee: within the allowance of company 2/)).toBeTruthy();
});

test('an allowance that is used up is said, and when it has room again', () => {
  show({ payer: { ...payer, left: 0n, recovery: 1n }, balance: broke });
  expect(screen.getByText('¥0.000904 (estimated)')).toBeTruthy();
  const alert = screen.getByRole('alert').textContent;
  expect(alert).toContain('The allowance of 星河出行 is used up');
  // 904 blocks of two seconds.
  expect(alert).toContain('in about 30 min 8 s');
});

test('an account that the chain does not know cannot sign, though its company bears the fee', () => {
  show({ payer, balance: { ...broke, free: 0n, spendable: 0n, exists: false } });
  expect(screen.getByRole('alert').textContent).toContain('The chain does not know this account yet');
});

test('another employer may bear the fees of anything but of that very choice', () => {
  const other = 'Another employer shall bear the fees';
  const remark: DecodedCall = {
    type: 'System',
    value: { type: 'remark', value: { remark: new TextEncoder().encode('hi') } },
  };
  const review = (signed: DecodedCall) => (
    <Review
      draft={{ ...draft, payer, call: signed }}
      description={describeCall(metadata, signed, 'en')}
      drawOn={() => undefined}
    />
  );
  const { rerender } = render(review(remark));
  expect(screen.getByRole('button', { name: other })).toBeTruthy();
  rerender(review(call));
  expect(screen.queryByRole('button', { name: other })).toBeNull();
  // Where nothing can be chosen now, nothing is offered.
  rerender(<Review draft={{ ...draft, call: remark }} description={describeCall(metadata, remark, 'en')} />);
  expect(screen.queryByRole('button', { name: other })).toBeNull();
});
