import * as v from 'valibot';

/** Which rules the chain follows now. */
export interface RuntimeVersion {
  specName: string;
  specVersion: number;
  transactionVersion: number;
}

const Version = v.object({ specName: v.string(), specVersion: v.number(), transactionVersion: v.number() });

/** Parses the answer of `state_getRuntimeVersion`. Throws when it is another. */
export function runtimeVersion(answer: unknown): RuntimeVersion {
  return v.parse(Version, answer);
}
