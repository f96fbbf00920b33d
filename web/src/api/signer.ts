/** Whoever can sign a text with an account's key: an extension, or the keystore of this browser. */
export interface TextSigner {
  /** SS58, or 0x and 64 hexadecimal digits. */
  readonly account: string;
  /** Signs the text as it is or in `<Bytes></Bytes>`. Rejects when the person refuses. */
  sign(text: string): Promise<SignedText>;
}

export interface SignedText {
  /** 0x and hexadecimal digits, with or without the byte that says the kind of key. */
  readonly signature: string;
  /** For ecdsa alone: the compressed key, 0x and 66 hexadecimal digits. */
  readonly publicKey?: string | undefined;
}
