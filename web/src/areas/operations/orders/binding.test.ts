import { expect, test } from 'vitest';
import { readBinding } from './binding';

test('what the dispatcher writes is read', () => {
  expect(readBinding('driver 10 is better, by 167.912 s')).toEqual({
    what: 'dearer',
    driver: '10',
    seconds: '167.912',
  });
  expect(readBinding('driver 10 is better')).toEqual({ what: 'dearer', driver: '10', seconds: undefined });
  expect(readBinding('busy with order 915140892841480192')).toEqual({
    what: 'busy',
    order: '915140892841480192',
  });
  expect(readBinding('farther than the outermost ring, 8000 m')).toEqual({ what: 'beyond', metres: '8000' });
  expect(readBinding('excluded: declined, let lapse or gave back this order')).toEqual({ what: 'excluded' });
  expect(readBinding('wrong class: Van was ordered, she drives Economy')).toEqual({
    what: 'wrongClass',
    ordered: 'Van',
    drives: 'Economy',
  });
  expect(readBinding('dearer than waiting, by -0.500 s')).toEqual({ what: 'tooDear', seconds: '-0.500' });
});

test('what it does not write is not guessed at', () => {
  expect(readBinding('driver 10 is better, perhaps')).toBeUndefined();
  expect(readBinding('')).toBeUndefined();
});
