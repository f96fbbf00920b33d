import { expect, test } from 'vitest';
import { ApiError } from '../../../api/errors';
import type { Order } from '../../../api/methods';
import { mostSteps, Outbox, type Step, type Surroundings } from './outbox';

const order: Order = { id: '1', city: 440300, created_at_ms: 0, revision: '1', state: 'arriving' };

const failure = (name: string) => new ApiError({ name, message: name, remedy: '', method: 'driver_arrive' });

class Kept {
  private readonly map = new Map<string, string>();
  get length(): number {
    return this.map.size;
  }
  key(at: number): string | null {
    return [...this.map.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
}

/** A service that answers as it is told, and an outbox that waits for what it is told. */
function surroundings(storage = new Kept()) {
  const answers: Array<Order | Error> = [];
  const sent: string[] = [];
  const log: string[] = [];
  const timers: Array<() => void> = [];
  const around: Surroundings = {
    storage,
    send: async (step) => {
      sent.push(`${step.method} ${step.key}`);
      const answer = answers.shift() ?? order;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    after: (_, task) => {
      timers.push(task);
      return () => {};
    },
    granted: (step) => log.push(`granted ${step.key}`),
    refused: (step) => log.push(`refused ${step.key}`),
  };
  return { around, answers, sent, log, timers, storage };
}

const step = (key: string, method: 'driver_set_off' | 'driver_arrive' = 'driver_arrive', of = '1'): Step => ({
  method,
  params: { order: of },
  key,
  madeMs: Number(key.replace(/\D/g, '')),
});

/** Until everything that can happen without a timer has happened. */
const settled = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

test('what could not be sent is sent again with the same key, and before what came later', async () => {
  const { around, answers, sent, log, timers } = surroundings();
  const outbox = new Outbox('a', around);
  outbox.open();
  answers.push(failure('no_connection'));
  outbox.put(step('k1', 'driver_set_off'));
  await settled();
  answers.push(failure('unavailable'));
  outbox.put(step('k2'));
  await settled();
  expect(outbox.steps().map(({ key }) => key)).toEqual(['k1', 'k2']);
  expect(outbox.held()?.error.errorName).toMatch(/unavailable|no_connection/);
  for (const timer of timers) timer();
  await settled();
  expect(sent.at(-1)).toBe('driver_arrive k2');
  expect(new Set(sent.slice(0, -1))).toEqual(new Set(['driver_set_off k1']));
  expect(log).toEqual(['granted k1', 'granted k2']);
  expect(outbox.steps()).toEqual([]);
});

test('a reload forgets nothing: the same step goes out with the same key', async () => {
  const storage = new Kept();
  const before = surroundings(storage);
  const first = new Outbox('a', before.around);
  first.open();
  before.answers.push(failure('no_answer'));
  first.put(step('k1'));
  await settled();
  first.close();

  const after = surroundings(storage);
  const second = new Outbox('a', after.around);
  expect(second.steps().map(({ key }) => key)).toEqual(['k1']);
  second.open();
  await settled();
  expect(after.sent).toEqual(['driver_arrive k1']);
  expect(storage.length).toBe(0);
});

test('steps of somebody else on the same phone are left alone', () => {
  const storage = new Kept();
  new Outbox('a', surroundings(storage).around).put(step('k1'));
  expect(new Outbox('b', surroundings(storage).around).steps()).toEqual([]);
});

test('what is refused takes the later steps of the same order along, and no others', async () => {
  const { around, answers, sent, log } = surroundings();
  const outbox = new Outbox('a', around);
  outbox.put(step('k1', 'driver_set_off'));
  outbox.put(step('k2'));
  outbox.put(step('k3', 'driver_arrive', '2'));
  answers.push(failure('wrong_state'));
  outbox.open();
  await settled();
  expect(sent).toEqual(['driver_set_off k1', 'driver_arrive k3']);
  expect(log).toEqual(['refused k1', 'granted k3']);
});

test('the end of the session refuses nothing: the step waits for the next login', async () => {
  const { around, answers, log } = surroundings();
  const outbox = new Outbox('a', around);
  answers.push(failure('session_revoked'));
  outbox.open();
  outbox.put(step('k1'));
  await settled();
  expect([outbox.steps().length, log]).toEqual([1, []]);
});

test('no more wait than there is room for', () => {
  const outbox = new Outbox('a', surroundings().around);
  const taken = Array.from({ length: mostSteps + 1 }, (_, at) =>
    outbox.put(step(`k${at}`, 'driver_arrive', `${at}`)),
  );
  expect(taken.filter(Boolean).length).toBe(mostSteps);
  expect(outbox.steps().length).toBe(mostSteps);
});

test('what is no step is not sent', () => {
  const storage = new Kept();
  storage.setItem(
    'smartlink.driver.step.a.x',
    '{"method":"ops_revoke","params":{"order":"1"},"key":"x","madeMs":1}',
  );
  storage.setItem('smartlink.driver.step.a.y', 'nothing');
  expect(new Outbox('a', surroundings(storage).around).steps()).toEqual([]);
});
