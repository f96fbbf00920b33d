/** How strong the password of a key has to be: whoever copies the browser's storage can try without end. */

/** What is wrong with a password. */
export type PasswordFault = 'short' | 'simple' | 'common' | 'name';

/** Characters that it needs at least. */
export const LEAST_LENGTH = 10;

const COMMON = [
  'password',
  '12345678',
  'qwertyui',
  'iloveyou',
  'letmein',
  'smartlink',
  'woaini1314',
  'a123456',
];

/** The first fault, or undefined when it will do. @param names what must not be in it, such as the account's name */
export function passwordFault(password: string, names: readonly string[] = []): PasswordFault | undefined {
  const lower = password.toLowerCase();
  if ([...password].length < LEAST_LENGTH) return 'short';
  if (new Set(lower).size < 5) return 'simple';
  if (COMMON.some((word) => lower.includes(word))) return 'common';
  if (names.some((name) => name.length >= 4 && lower.includes(name.toLowerCase()))) return 'name';
  return undefined;
}
