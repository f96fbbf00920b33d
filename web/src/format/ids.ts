// Hashes, accounts and whatever else is long.
export { accountHex, isAccount, ss58 } from './account';

/** `0x12345678…abcdef`: the beginning and the end of something long. */
export function shorten(text: string, start = 8, end = 6): string {
  return text.length <= start + end + 1 ? text : `${text.slice(0, start)}…${text.slice(-end)}`;
}
