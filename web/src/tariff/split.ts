// Shares of an amount, by largest remainder in a fixed order (primitives/src/split.rs): no unit appears or disappears.

/** A whole, in parts per million. */
export const wholePpm = 1_000_000;
/** The most parts that an amount is cut into. */
const mostParts = 16;

/** Whether the shares make a whole. */
export function isWhole(ppm: readonly number[]): boolean {
  const sum = ppm.reduce((total, share) => total + share, 0);
  return ppm.length > 0 && ppm.length <= mostParts && sum === wholePpm;
}

/**
 * Cuts an amount by shares that make a whole: every part gets the floor of its share, and the units that are left go, one
 * each, to the parts with the largest remainders, the earlier part first where they are equal.
 */
export function splitAmount(ppm: readonly number[], amount: bigint): readonly bigint[] {
  const whole = BigInt(wholePpm);
  const products = ppm.map((share) => amount * BigInt(share));
  const floors = products.map((product) => product / whole);
  const left = Number(amount - floors.reduce((sum, part) => sum + part, 0n));
  const byRemainder = products
    .map((product, at) => ({ at, rest: product % whole }))
    .sort((one, other) => (one.rest === other.rest ? one.at - other.at : one.rest < other.rest ? 1 : -1));
  const raised = new Set(byRemainder.slice(0, left).map(({ at }) => at));
  return floors.map((part, at) => (raised.has(at) ? part + 1n : part));
}
