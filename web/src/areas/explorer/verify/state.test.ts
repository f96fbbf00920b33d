import { expect, test } from 'vitest';
import type { Step, Verification } from '../../../proof';
import { draw, stepsOf } from './diagram';
import { advance, foundOf, type State, waiting } from './state';
import { subjectOf, subjectSearch } from './subject';

const loaded = { name: 'ride.json', text: new Uint8Array([1]) };
const trust = { root: `0x${'ab'.repeat(32)}`, set: null } as const;

function step(name: Step['name'], refused: Step['refused'] = null): Step {
  return { name, from: [], computed: [], refused };
}

const refused: Verification = {
  steps: [step('text'), step('receipt', { code: 'path', why: 'root' })],
  bundle: null,
  verdict: { kind: 'refused', step: 'receipt', why: { code: 'path', why: 'root' } },
};

test('a check tells its steps and ends with a verdict', () => {
  let state: State = advance(waiting, { do: 'check', run: 1, loaded, trust });
  state = advance(state, { do: 'hear', report: { run: 1, kind: 'step', step: step('text') } });
  expect(state).toMatchObject({ phase: 'checking', steps: [{ name: 'text' }] });
  state = advance(state, { do: 'hear', report: { run: 1, kind: 'done', verification: refused } });
  expect(state).toEqual({ phase: 'checked', run: 1, loaded, trust, verification: refused });
});

test('what an earlier check still says is not taken for what the present one says', () => {
  const first = advance(waiting, { do: 'check', run: 1, loaded, trust: null });
  const second = advance(first, { do: 'check', run: 2, loaded, trust });
  const late = { run: 1, kind: 'done', verification: refused } as const;
  expect(advance(second, { do: 'hear', report: late })).toBe(second);
});

test('what was found stays known while the same bundle is checked under another trust, and not for another', () => {
  const checking = advance(waiting, { do: 'check', run: 1, loaded, trust: null });
  expect(foundOf(checking)).toBeUndefined();
  const done = advance(checking, { do: 'hear', report: { run: 1, kind: 'done', verification: refused } });
  const again = advance(done, { do: 'check', run: 2, loaded, trust });
  expect(foundOf(again)).toBe(refused);
  expect(foundOf(advance(again, { do: 'check', run: 3, loaded, trust: null }))).toBe(refused);
  const other = { name: 'other.json', text: loaded.text };
  expect(foundOf(advance(again, { do: 'check', run: 4, loaded: other, trust }))).toBeUndefined();
});

test('after the verdict nothing changes it', () => {
  const checking = advance(waiting, { do: 'check', run: 1, loaded, trust });
  const done = advance(checking, { do: 'hear', report: { run: 1, kind: 'done', verification: refused } });
  expect(advance(done, { do: 'hear', report: { run: 1, kind: 'broke', message: 'late' } })).toBe(done);
});

test('a checker that breaks says nothing of the proof', () => {
  const checking = advance(waiting, { do: 'check', run: 1, loaded, trust });
  const broke = advance(checking, { do: 'hear', report: { run: 1, kind: 'broke', message: 'no memory' } });
  expect(broke).toEqual({ phase: 'broke', run: 1, loaded, message: 'no memory' });
  expect(advance(broke, { do: 'forget' })).toBe(waiting);
});

test('behind a step that does not hold nothing is reached', () => {
  const names = stepsOf('receipt', { trust: true, contract: false });
  const drawn = draw(names, refused.steps, false);
  expect(drawn.map(({ name, standing }) => `${name} ${standing}`)).toEqual([
    'text holds',
    'receipt refused',
    'batch not_reached',
    'commitment not_reached',
    'leaf not_reached',
    'set not_reached',
    'signatures not_reached',
    'trust not_reached',
  ]);
});

test('while it runs, what was not taken yet is to come; behind a refusal it is not', () => {
  const names = stepsOf('vehicle', { trust: false, contract: true });
  expect(draw(names, [step('text')], true).map(({ standing }) => standing)).toEqual([
    'holds',
    ...Array.from({ length: 6 }, () => 'running'),
  ]);
  expect(draw(names, [step('text', { code: 'no_seal' })], true)[1]?.standing).toBe('not_reached');
});

test('a text that cannot be read has the steps that every bundle has', () => {
  expect(stepsOf(undefined, { trust: false, contract: false })).toEqual([
    'text',
    'commitment',
    'leaf',
    'set',
    'signatures',
  ]);
});

test('an address names one thing to prove, by an id that can be one', () => {
  expect(subjectOf(subjectSearch({ ride: '1-12-714985639337984123' }))).toEqual({
    kind: 'ride',
    id: '1-12-714985639337984123',
  });
  expect(subjectOf(subjectSearch({ vehicle: 42 }))).toEqual({ kind: 'vehicle', id: '42' });
  expect(subjectOf(subjectSearch({ anchor: '1-7"}' }))).toBeNull();
  expect(subjectOf(subjectSearch({}))).toBeNull();
});
