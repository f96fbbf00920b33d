import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff';

test('law: waits grow to half a minute, and never meet by their rhythm', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, chance) => {
      const wait = backoffMs(attempt, () => chance);
      expect(wait).toBeGreaterThanOrEqual(375);
      expect(wait).toBeLessThan(37_500);
      if (chance === 0) expect(backoffMs(attempt + 1, () => 0)).toBeGreaterThanOrEqual(wait);
    }),
  );
});
