// @vitest-environment happy-dom
import { LoadingOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Button, ConfigProvider } from 'antd';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/errors';
import { i18n } from '../i18n/setup';
import { IndexError } from '../index/errors';
import { Amount } from './Amount';
import { Answered, Failed } from './answers';
import { Facts } from './Facts';
import { Icon } from './Icon';
import { Ago, Time } from './Time';

afterEach(async () => {
  cleanup();
  await act(() => i18n.changeLanguage('en'));
});

test('an amount is rounded for the eye, and exact in its title', () => {
  render(<Amount value="1234567891" fen />);
  expect(screen.getByText('¥1,234.57').title).toBe('¥1,234.567891');
});

test('an icon adds nothing to the name of a button, also while it waits', () => {
  const [verify, wait] = [
    <Icon key="icon" of={SafetyCertificateOutlined} />,
    <Icon key="icon" of={LoadingOutlined} />,
  ];
  render(
    <ConfigProvider button={{ autoInsertSpace: false, loadingIcon: wait }}>
      <Button icon={verify}>验证</Button>
      <Button loading>签名</Button>
    </ConfigProvider>,
  );
  expect(screen.getByRole('button', { name: '验证' })).toBeTruthy();
  expect(screen.getByRole('button', { name: '签名' })).toBeTruthy();
});

test('a time says UTC in its title, and how long ago grows', () => {
  vi.useFakeTimers({ now: 1_796_023_605_000 });
  render(
    <>
      <Time at={1_796_023_605_000} />
      <Ago at={1_796_023_600_000} />
    </>,
  );
  expect(screen.getByTitle('2026-11-30 07:26:45 UTC').getAttribute('datetime')).toBe(
    '2026-11-30T07:26:45.000Z',
  );
  expect(screen.getByText('5 seconds ago')).toBeTruthy();
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.getByText('1 minute ago')).toBeTruthy();
  vi.useRealTimers();
});

test('what failed says what and what to do, in both languages, and can be tried again', async () => {
  const retry = vi.fn();
  const error = new ApiError({
    name: 'offer_gone',
    message: 'offer 7 lapsed',
    remedy: '',
    method: 'driver_accept',
  });
  render(<Failed error={error} retry={retry} />);
  expect(screen.getByRole('alert').textContent).toContain('The offer is gone.Wait for the next one.');
  expect(screen.getByText('offer 7 lapsed')).toBeTruthy();
  await act(() => i18n.changeLanguage('zh'));
  expect(screen.getByRole('alert').textContent).toContain('该派单已失效。请等待下一单。');
  await userEvent.click(screen.getByRole('button', { name: /重\s?试/ }));
  expect(retry).toHaveBeenCalledOnce();
});

test('an error whose name nobody foresaw is shown with what the service said', () => {
  render(<Failed error={new IndexError('SOMETHING_NEW', 'turn it off and on')} />);
  expect(screen.getByRole('alert').textContent).toContain('This was refused.');
  expect(screen.getByText('turn it off and on')).toBeTruthy();
});

test('a question shows that it is asked, what went wrong, that there is nothing, or its answer', () => {
  const refetch = vi.fn();
  const at = (query: { data?: string[]; error?: Error }) => (
    <Answered
      query={{ data: query.data, error: query.error ?? null, isPending: false, refetch }}
      isEmpty={(data) => data.length === 0}
    >
      {(data) => <p>{data.join()}</p>}
    </Answered>
  );
  const { rerender } = render(at({}));
  expect(screen.getByRole('status').getAttribute('aria-busy')).toBe('true');
  rerender(at({ error: new IndexError('TIMEOUT', '') }));
  expect(screen.getByText('The index took too long.')).toBeTruthy();
  rerender(at({ data: [] }));
  expect(screen.getByText('Nothing here yet')).toBeTruthy();
  // What is there stays, also when asking again failed.
  rerender(at({ data: ['粤B12345'], error: new IndexError('TIMEOUT', '') }));
  expect(screen.getByText('粤B12345')).toBeTruthy();
});

test('what is not known has no row', () => {
  render(
    <Facts
      facts={[
        ['Plate', '粤B12345'],
        ['Model', undefined],
        ['Price', null],
      ]}
    />,
  );
  expect(screen.getAllByRole('term').map((term) => term.textContent)).toEqual(['Plate']);
});
