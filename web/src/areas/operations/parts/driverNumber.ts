/** Whether a text is the number of a driver: from 1 on, in 32 bits. */
export function isDriverNumber(text: string | undefined): text is string {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) && Number(text) < 2 ** 32;
}
