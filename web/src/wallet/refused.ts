/** The person refused to sign. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(cause?: unknown) {
    super('the signature was refused', { cause });
  }
}
