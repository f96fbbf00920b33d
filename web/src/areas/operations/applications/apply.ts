// An application to join, as a person fills it in: read strictly into what the chain takes.
import { accountHex, isAccount, ss58 } from '../../../format/ids';
import type { Hex } from '../../../proof/bytes';

/** `CompanyKind` of the chain. */
export const companyKinds = [
  'Platform',
  'Carrier',
  'Shipper',
  'Insurer',
  'Inspector',
  'Garage',
  'Appraiser',
  'Bank',
  'Auditor',
  'Regulator',
] as const;
export type CompanyKind = (typeof companyKinds)[number];

/** `PaperKind` of the chain, in the order in which papers are usually shown. */
export const paperKinds = [
  'BusinessLicence',
  'TransportLicence',
  'TaxCertificate',
  'DataSecurityReview',
  'Other',
] as const;
export type PaperKind = (typeof paperKinds)[number];

/** `MaxPapers` of pallets/consortium. */
export const mostPapers = 16;
/** Bytes of a name. */
const longestName = 64;

/** A paper: of the file there is its hash alone. */
export interface DraftPaper {
  readonly kind: PaperKind;
  readonly file: string;
  readonly hash: Hex;
}

export interface Draft {
  readonly name: string;
  readonly kind: CompanyKind | undefined;
  readonly treasury: string;
  readonly papers: readonly DraftPaper[];
}

export type Trouble = 'empty' | 'tooLong' | 'notAccount' | 'taken' | 'tooMany' | 'twice';
export type Field = 'name' | 'kind' | 'treasury' | 'papers';

export interface Read {
  /** What `Consortium.apply` takes. Missing: something is wrong. */
  readonly call: Readonly<Record<string, unknown>> | undefined;
  readonly troubles: ReadonlyMap<Field, Trouble>;
}

/** @param treasuries accounts in hexadecimal digits that are companies' treasuries already */
export function readApplication(draft: Draft, treasuries: ReadonlySet<string>): Read {
  const troubles = new Map<Field, Trouble>();
  const note = (field: Field, trouble: Trouble | null) => trouble && troubles.set(field, trouble);
  const name = new TextEncoder().encode(draft.name.trim());
  const treasury = draft.treasury.trim();
  note('name', name.length === 0 ? 'empty' : name.length > longestName ? 'tooLong' : null);
  note('kind', draft.kind === undefined ? 'empty' : null);
  note('treasury', treasuryTrouble(treasury, treasuries));
  note('papers', papersTrouble(draft.papers));
  if (troubles.size > 0 || draft.kind === undefined) return { call: undefined, troubles };
  return {
    call: {
      name,
      kind: { type: draft.kind, value: undefined },
      treasury: ss58(treasury),
      papers: draft.papers.map(({ kind, hash }) => ({ kind: { type: kind, value: undefined }, hash })),
    },
    troubles,
  };
}

function treasuryTrouble(treasury: string, treasuries: ReadonlySet<string>): Trouble | null {
  if (treasury === '') return 'empty';
  if (!isAccount(treasury)) return 'notAccount';
  return treasuries.has(accountHex(treasury)) ? 'taken' : null;
}

function papersTrouble(papers: readonly DraftPaper[]): Trouble | null {
  if (papers.length === 0) return 'empty';
  if (papers.length > mostPapers) return 'tooMany';
  return new Set(papers.map(({ hash }) => hash)).size < papers.length ? 'twice' : null;
}

/** What a further paper is taken for until somebody says otherwise: of each kind there is usually one. */
export function nextKind(papers: readonly DraftPaper[]): PaperKind {
  return paperKinds.find((kind) => !papers.some((paper) => paper.kind === kind)) ?? 'Other';
}
