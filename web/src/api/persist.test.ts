import { expect, test, vi } from 'vitest';
import { ApiError } from './errors';
import { persist } from './persist';

function refused(name: string): ApiError {
  return new ApiError({ name, message: name, remedy: '', retryAfterMs: 1, method: 'driver_accept' });
}

test('what a busy service did not begin is sent again, and done once it has time', async () => {
  const task = vi.fn<() => Promise<string>>();
  task.mockRejectedValueOnce(refused('overloaded')).mockRejectedValueOnce(refused('timed_out'));
  task.mockResolvedValue('done');
  expect(await persist(task)).toBe('done');
  expect(task).toHaveBeenCalledTimes(3);
});

test('what was refused for good is not sent again', async () => {
  const task = vi.fn(() => Promise.reject(refused('wrong_state')));
  await expect(persist(task)).rejects.toThrow('wrong_state');
  expect(task).toHaveBeenCalledOnce();
});

test('after four times it is told', async () => {
  const task = vi.fn(() => Promise.reject(refused('overloaded')));
  await expect(persist(task)).rejects.toThrow('overloaded');
  expect(task).toHaveBeenCalledTimes(4);
});
