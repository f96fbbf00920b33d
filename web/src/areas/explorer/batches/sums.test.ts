import { expect, test } from 'vitest';
import { addUp } from './sums';

const batch = {
  rideCount: 2,
  gross: '33000000',
  drivers: '26400000',
  platform: '6000000',
  thirdParties: '600000',
};
const sum = {
  fare: '30000000',
  tolls: '3000000',
  driverShare: '26400000',
  platform: '6000000',
  thirdParties: '600000',
};

test('fares and tolls are the gross, and each share is the sum of the rides', () => {
  expect(addUp(batch, { count: '2', sum })).toBe(true);
});

test('a millionth of a yuan that is missing, or a ride, is seen', () => {
  expect(addUp(batch, { count: '2', sum: { ...sum, platform: '5999999' } })).toBe(false);
  expect(addUp(batch, { count: '1', sum })).toBe(false);
  expect(addUp(batch, undefined)).toBe(false);
});

test('amounts beyond what a float holds are compared to the last digit', () => {
  const large = { ...batch, gross: '9007199254740993000001' };
  expect(addUp(large, { count: '2', sum: { ...sum, fare: '9007199254740993000000', tolls: '1' } })).toBe(
    true,
  );
  expect(addUp(large, { count: '2', sum: { ...sum, fare: '9007199254740993000000', tolls: '0' } })).toBe(
    false,
  );
});
