// @vitest-environment happy-dom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import { multisigOf } from '../chain/multisig';
import { i18n } from '../i18n/setup';
import { HeldBy } from './HeldBy';
import { ProxyTable } from './ProxyTable';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const CHARLIE = '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y';

afterEach(async () => {
  cleanup();
  await act(() => i18n.changeLanguage('en'));
});

/** Accounts lead to their pages, so a router is around them. */
async function show(what: ReactNode): Promise<void> {
  const root = createRootRoute({ component: () => <>{what}</> });
  const routeTree = root.addChildren([createRoute({ getParentRoute: () => root, path: '$' })]);
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: ['/x'] }) });
  await router.load();
  render(<RouterProvider router={router} />);
}

const cells = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    );

test('of each key it is told what it may do, up to how much, and how long that waits', async () => {
  await show(
    <ProxyTable
      of={[
        { delegate: BOB, kind: { type: 'Spending', value: { most: 1_000_000_000n } }, delay: 0 },
        { delegate: BOB, kind: { type: 'Spending', value: { most: 2_000_000_000n } }, delay: 0 },
        { delegate: CHARLIE, kind: { type: 'Any' }, delay: 1_800 },
      ]}
    />,
  );
  expect(cells().map(([, may, delay]) => [may, delay])).toEqual([
    ['transfers of up to ¥1,000.00 each', 'none: at once'],
    ['transfers of up to ¥2,000.00 each', 'none: at once'],
    ['everything', '1,800 blocks (about 1 h)'],
  ]);
  await act(() => i18n.changeLanguage('zh'));
  expect(cells()[0]?.slice(1)).toEqual(['转账（每笔不超过 ¥1,000.00）', '无，立即执行']);
});

test('who holds an account together is told with how that is known', async () => {
  const multisig = multisigOf([ALICE, BOB, CHARLIE], 2);
  await show(<HeldBy shared={{ multisig, from: 'chain' }} />);
  expect(screen.getByText(/^2 of these 3 together/).textContent).toContain('as it signed on the chain');
  expect(screen.getAllByRole('link').map(({ title }) => title)).toEqual(multisig.signatories);
});

test('where nobody knows of several, that is said', async () => {
  await show(<HeldBy shared={undefined} />);
  expect(screen.getByText(/^not known/)).toBeTruthy();
});
