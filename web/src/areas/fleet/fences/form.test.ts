import { expect, test } from 'vitest';
import { fieldsOf, propertiesFrom } from './form';
import { propertiesOf } from './properties';

test('a geofence that is opened and saved is the same', () => {
  const properties = {
    name: '机场',
    alert: ['enter', 'exit'] as const,
    dwell_s: 900,
    speed_limit_kmh: 40,
    classes: ['car', 'van'],
  };
  expect(propertiesFrom(fieldsOf(properties), 7)).toEqual({ id: 7, ...properties });
});

test('what is emptied is switched off', () => {
  const fields = { ...fieldsOf({ name: 'a', dwell_s: 60 }), dwellMin: null };
  expect(propertiesFrom(fields, undefined)).toEqual({ name: 'a' });
});

test('properties of another form are left out', () => {
  expect(propertiesOf({ name: 3, alert: ['enter', 'fly'], dwell_s: 'long', speed_limit_kmh: 50 })).toEqual({
    alert: ['enter'],
    speed_limit_kmh: 50,
  });
});
