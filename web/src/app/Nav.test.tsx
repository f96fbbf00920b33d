// @vitest-environment happy-dom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { i18n } from '../i18n/setup';
import { BottomBar, Nav } from './Nav';

afterEach(async () => {
  cleanup();
  await act(() => i18n.changeLanguage('en'));
});

async function at(path: string): Promise<void> {
  const root = createRootRoute({
    component: () => (
      <>
        <Nav />
        <BottomBar more={() => {}} />
      </>
    ),
  });
  const routeTree = root.addChildren([createRoute({ getParentRoute: () => root, path: '$' })]);
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) });
  await router.load();
  render(<RouterProvider router={router} />);
}

/** The names of the links of a list. */
const linksOf = (list: HTMLElement) =>
  within(list)
    .getAllByRole('link')
    .map((link) => link.textContent);

test('the pages of the explorer are lists with names, below their headings', async () => {
  await at('/explorer/checkpoints/7');
  const chain = screen.getByRole('list', { name: 'Chain' });
  expect(linksOf(chain)).toContain('Checkpoints');
  const [current, ...others] = within(screen.getByRole('navigation', { name: 'Main menu' }))
    .getAllByRole('link')
    .filter((link) => link.getAttribute('aria-current') === 'page');
  expect([current?.textContent, others]).toEqual(['Checkpoints', []]);
  expect(linksOf(screen.getByRole('list', { name: 'Audit' }))).toEqual(['Overview', 'Verify', 'Downloads']);
  const all = linksOf(screen.getByRole('list', { name: 'Pages of Explorer' }));
  const parts = ['Audit', 'Chain', 'Consortium', 'Business'].flatMap((name) =>
    linksOf(screen.getByRole('list', { name })),
  );
  expect(parts).toEqual(all);
  await act(() => i18n.changeLanguage('zh'));
  expect(linksOf(screen.getByRole('list', { name: '联盟' }))).toEqual([
    '公司',
    '入会申请',
    '网络节点',
    '车辆',
    '司机',
    '运价',
  ]);
});

test('elsewhere no pages of an area are open', async () => {
  await at('/');
  expect(screen.queryByRole('list', { name: 'Chain' })).toBeNull();
});

test('at the thumb there are pages, no headings', async () => {
  await at('/explorer');
  const bar = screen.getByRole('navigation', { name: 'Pages of Explorer' });
  expect(linksOf(bar)).toEqual(['Overview', 'Verify', 'Downloads', 'Blocks']);
  expect(within(bar).queryByText('Audit')).toBeNull();
});
