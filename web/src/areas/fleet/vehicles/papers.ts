// What a person types of a vehicle, as the chain takes it.

/** Bounds of pallets/vehicles, in bytes of UTF-8. */
export const mostPlateBytes = 16;
export const mostModelBytes = 32;

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** As it is on the vehicle: capital letters, no blanks, no dot between the parts. */
export function tidyPlate(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s·•・.]/g, '')
    .toUpperCase();
}

/** Whether the chain takes it: no blanks, no small letters, nothing that cannot be seen. */
export function isPlate(plate: string): boolean {
  return plate !== '' && !/[\s\p{Cc}a-z]/u.test(plate);
}

/** Text of ASCII as 0x and hexadecimal digits: what fixed bytes of the chain are given as. */
export function asciiHex(text: string): string {
  return `0x${Array.from(bytesOf(text), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
