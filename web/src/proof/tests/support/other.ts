/** Every document that differs from a bundle's in one value. */

type Json = null | number | string | readonly Json[] | { readonly [key: string]: Json };

const WORDS = ['cancelled', 'economy', 'van', 'in_service', 'scrapped', '', 'L'];

function othersOf(value: Json): readonly Json[] {
  if (value === null) return ['0x00'];
  if (typeof value === 'number') return [value - 1, value + 1, value ^ 0x80].filter((number) => number >= 0);
  if (typeof value === 'string') return othersOfText(value);
  if (Array.isArray(value) && value.length > 0) {
    const [items, last] = [value as readonly Json[], value.at(-1) as Json];
    return [items.slice(0, -1), [...items, last], items.toReversed()].filter(
      (other) => JSON.stringify(other) !== JSON.stringify(items),
    );
  }
  return [];
}

function othersOfText(text: string): readonly string[] {
  if (text.startsWith('0x')) {
    // A bit of each fifth digit, and of the last.
    const places = Array.from({ length: text.length - 2 }, (_, at) => at + 2);
    const some = places.filter((at) => at % 5 === 2 || at === text.length - 1);
    const flipped = some.map((at) => {
      const digit = Number.parseInt(text.charAt(at), 16) ^ (1 << (at % 4));
      return `${text.slice(0, at)}${digit.toString(16)}${text.slice(at + 1)}`;
    });
    return [`${text}00`, text.slice(0, -2), ...flipped].filter((other) => other.startsWith('0x'));
  }
  if (/^[0-9]+$/.test(text)) return [String(BigInt(text) + 1n), String(BigInt(text) ^ (1n << 20n))];
  return [...WORDS, `${text}X`].filter((word) => word !== text);
}

/** Shows each of them, with the path of what differs. */
export function eachOther(value: Json, show: (other: Json, path: string) => void, path = ''): void {
  for (const other of othersOf(value)) show(other, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries<Json>(value)) {
    const put = (other: Json, where: string): void => {
      const isList = Array.isArray(value);
      show(isList ? (value as readonly Json[]).with(Number(key), other) : { ...value, [key]: other }, where);
    };
    eachOther(field, put, `${path}.${key}`);
  }
}
