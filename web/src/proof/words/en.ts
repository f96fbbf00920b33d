import { LONGEST } from '../bundle';
import type { Failure, Garbled } from '../ethereum/rpc';
import type { Refusal, Wanted } from '../refusal';
import { MOST } from '../roster';
import type { Verdict } from '../verify';
import type { Words } from '../words';

const steps: Words['steps'] = {
  text: {
    title: 'The file is whole',
    how: 'keccak of the text before the seal; then the text is written again from what was read, and has to be the same to the byte.',
  },
  receipt: {
    title: 'The receipt is in its batch',
    how: 'keccak of the 107 bytes of the receipt at its row; with the partners up to the root of the batch’s receipts.',
  },
  batch: {
    title: 'The batch is in the block’s checkpoint',
    how: 'keccak of the 152 bytes of the batch at its place; with the partners up to the checkpoint root of the block that settled it.',
  },
  vehicle: {
    title: 'The vehicle is in the block’s checkpoint',
    how: 'keccak of the 81 bytes of the vehicle at its place; with the partners up to the checkpoint root of the block of its change.',
  },
  anchor: {
    title: 'The anchor is in the block’s checkpoint',
    how: 'keccak of the 64 bytes of the anchor at its place; with the partners up to the checkpoint root of the block that took it.',
  },
  header: {
    title: 'The header is the block’s',
    how: 'blake2 (256 bits) of the header has to be the hash of the block in the leaf; in it is the root of the state.',
  },
  state: {
    title: 'The state holds the value',
    how: 'from the state root down the trie, by the key: each node has the hash that the one above it names, and the last has the value, or shows that there is none.',
  },
  commitment: {
    title: 'The commitment names a root',
    how: 'its payload has one MMR root of the signed block; keccak of the whole commitment is what the validators sign.',
  },
  leaf: {
    title: 'The block is in the signed mountain range',
    how: 'keccak of the 113 bytes of the leaf about the block; with the hashes of the proof up to the MMR root of the signed block.',
  },
  set: {
    title: 'The validators are a set',
    how: 'none twice, none empty; the tree over their addresses gives the root by which the set is known.',
  },
  signatures: {
    title: 'More than two thirds signed',
    how: 'from each signature and the digest the address of its key is recovered, which has to be the validator’s that it names.',
  },
  trust: {
    title: 'The set is the one that you trust',
    how: 'the root of the set, and its number where one is named, against yours.',
  },
  contract: {
    title: 'Ethereum knows it',
    how: 'the contract is asked whether it holds the signed root for that block, and which sets of validators it knows.',
  },
};

const values: Words['values'] = {
  bytes: 'Bytes',
  seal: 'Seal',
  order: 'Order',
  row: 'Row, from 0',
  rides: 'Rides in the batch',
  place: 'Place in the checkpoint, from 0',
  items: 'Items in the checkpoint',
  partners: 'Partner hashes',
  item_hash: 'Hash of the item',
  leaf_hash: 'Hash of the leaf',
  batch_root: 'Root of the receipts',
  checkpoint_root: 'Checkpoint root',
  header_hash: 'Hash of the header',
  header_number: 'Height in the header',
  block: 'Block',
  block_hash: 'Hash of the block',
  state_root: 'State root',
  nodes: 'Nodes of the trie',
  key: 'Key',
  value_hash: 'Hash of the value',
  signed_block: 'Signed block',
  mmr_root: 'MMR root reached',
  signed_root: 'MMR root signed',
  digest: 'What is signed',
  validators: 'Validators',
  set_number: 'Number of the set',
  set_root: 'Root of the set',
  signed: 'Signatures that hold',
  wanted: 'Signatures needed',
  trusted_root: 'Root you trust',
  trusted_set: 'Number you trust',
  chain: 'Ethereum’s chain',
  contract: 'Contract',
  latest_block: 'Last block it has',
  current_set: 'Its current set',
  next_set: 'Its next set',
  holds_root: 'Holds the root',
  knows_set: 'Knows the set',
};

const pathWhy = {
  index: "the proof's index is not below its count: the proof is forged or damaged",
  length: 'the proof has items too few or too many: the proof is forged or damaged',
  root: 'the proof leads to another root: the item, the proof or the root is not the one claimed',
} as const;

const signerWhy = {
  form: 'it is no signature on secp256k1',
  high_s: 'its s is in the upper half: there is a second form of each signature, which is not taken',
  no_key: 'no key can have made it',
} as const;

const garbledWhy: Readonly<Record<Garbled, string>> = {
  long: 'it is too long',
  json: 'it is no JSON',
  object: 'it is no object',
  answer: 'it answers another question',
  result: 'it has no result',
  bytes: 'the result is no bytes',
  number: 'the result is no number of 64 bits',
  hash: 'the result is no hash',
  height: 'the result is no height of a block',
  truth: 'the result is neither yes nor no',
  set: 'the result is no set of validators',
};

function wanted(what: Wanted): string {
  switch (what.kind) {
    case 'json':
      return 'JSON is wanted';
    case 'object':
      return 'an object is wanted';
    case 'fields':
      return 'its fields are not those of a bundle';
    case 'one_field':
      return 'one field is wanted, of a kind that is known';
    case 'list':
      return 'a list is wanted';
    case 'text':
      return 'a text is wanted';
    case 'number':
      return `a whole number of ${what.bits} bits is wanted`;
    case 'digits':
      return `digits of a whole number of ${what.bits} bits are wanted`;
    case 'hex':
      return what.bytes === null
        ? 'bytes are written as 0x and pairs of the digits 0-9 and a-f'
        : `${what.bytes} bytes are wanted, as 0x and pairs of the digits 0-9 and a-f`;
    case 'word':
      return `one of these is wanted: ${what.words.join(', ')}`;
  }
}

function refusal(why: Refusal): string {
  switch (why.code) {
    case 'too_long':
      return `it has ${why.bytes} bytes, and a bundle has ${LONGEST} at most: this is another file`;
    case 'no_seal':
      return 'it does not end with a seal: the file is no bundle, was cut off, or something was added behind it';
    case 'broken_seal':
      return `its seal is ${why.written}, and of what stands before it ${why.found}: the file was damaged or changed; get it again`;
    case 'unread':
      return `it cannot be read as a bundle: ${why.at === '' ? '' : `at ${why.at} `}${wanted(why.wanted)}`;
    case 'other_text':
      return `it is not written as bundles are from byte ${why.byte} on: JSON without blanks, keys in their order, small hexadecimal digits, numbers without signs or zeros in front; get the bundle as it was made`;
    case 'vehicle_text':
      return `the ${why.what} has ${why.bytes} bytes, which no vehicle's has`;
    case 'path':
      return `the item does not lead to the checkpoint root of its block: ${pathWhy[why.why]}`;
    case 'header':
      return 'the header cannot be read: it is forged or damaged';
    case 'other_header':
      return `the header is of block ${why.number} with the hash ${why.hash}, and the leaf is about ${why.of}: it is another block's`;
    case 'state_node':
      return `the node ${why.hash} of the state's trie is missing, or another stands in its place: the proof is forged or damaged`;
    case 'state_form':
      return "a node of the state's trie is not written as nodes are: the proof is forged or damaged";
    case 'state_deep':
      return "the way in the state's trie is deeper than 4096 nodes: no key is that long";
    case 'state_superfluous':
      return 'the proof of the state has nodes that the way to the value does not pass: it is forged or damaged';
    case 'state_other_value':
      return 'the state has another value under the key than the one in the bundle';
    case 'payload_order':
      return "the ids of the commitment's payload do not ascend: it is forged or damaged";
    case 'payload_missing':
      return 'the commitment says nothing of the MMR: its payload has no 32 bytes under "mh"';
    case 'mmr_index':
      return `leaf ${why.index} is not among the ${why.count} of the signed block: the proof is forged or damaged`;
    case 'mmr_length':
      return `the MMR proof has ${why.found} hashes, and of leaf ${why.index} among ${why.count} it has ${why.wanted}: it is forged or damaged`;
    case 'other_root':
      return `the leaf leads to the MMR root ${why.found}, and ${why.signed} was signed: the leaf, its proof or the commitment is not the one that is claimed`;
    case 'set_size':
      return `the set has ${why.validators} validators: it must have 1 to ${MOST}`;
    case 'set_nobody':
      return `validator ${why.place} of the set has the address zero, which nobody can sign for: the set is forged or damaged`;
    case 'set_twice':
      return `${why.validator} stands in the set more than once: it would be counted twice`;
    case 'order':
      return `signature ${why.place} is by validator ${why.by}, which does not come after the one before: each may sign once, in order`;
    case 'stranger':
      return `signature ${why.place} is by validator ${why.by}, and the set has ${why.validators}`;
    case 'no_signer':
      return `the signature of validator ${why.by} is refused: ${signerWhy[why.why]}`;
    case 'other_signer':
      return `the signature of validator ${why.by} was made by ${why.signer}, not by ${why.validator}: it is of another commitment, or of somebody else`;
    case 'too_few':
      return `${why.signed} of ${why.validators} validators signed, and it takes ${why.wanted}: more than two thirds`;
    case 'other_set':
      return `it is signed by set ${why.set} with the root ${why.root}, and ${why.trusted} is trusted: it is of another chain, or of other validators; take the root of that set from a source you trust, or get a bundle that the trusted set has signed`;
    case 'other_set_number':
      return `it is signed by set ${why.set}, and set ${why.trusted} is trusted: get a bundle that was signed in that session`;
    case 'other_chain':
      return `the leaf about block 0 has the hash ${why.found}, and the contract is of the chain with ${why.genesis}: it is another chain's`;
    case 'contract_knows_neither':
      return `the contract holds no such root for block ${why.block}, and set ${why.set} is neither its current set (${why.current}) nor the next: the bundle is of another chain, or signed by validators of another time; get one that was signed now (its last block is ${why.latest})`;
  }
}

function verdict(of: Verdict): string {
  switch (of.kind) {
    case 'refused':
      return `It proves nothing: ${refusal(of.why)}.`;
    case 'set_from_bundle':
      return `Everything holds, but the set of validators was taken from the bundle, and anybody can make one up. Compare its root ${of.by.root} with what a node of yours or the contract on Ethereum says.`;
    case 'proven': {
      if (of.under.by === 'root') return `Proven under the root that you trust, ${of.under.trust.root}.`;
      const { contract, chainId, knows } = of.under;
      const what = knows === 'root' ? 'holds the signed root' : 'knows the set that signed';
      return `Proven under the contract ${contract} on Ethereum’s chain ${chainId}, which ${what}, as your Ethereum node says.`;
    }
  }
}

function failure(why: Failure): string {
  switch (why.code) {
    case 'bad_url':
      return 'That is no address of a node: write http:// or https:// and where it is.';
    case 'bad_address':
      return 'That is no address of a contract: write 0x and 40 hexadecimal digits.';
    case 'unreachable':
      return 'The Ethereum node cannot be reached, or does not answer to this page. Check its address, and that it allows requests from here (CORS).';
    case 'ended':
      return 'It was ended before the Ethereum node answered.';
    case 'silent':
      return `The Ethereum node did not answer within ${why.seconds} seconds. Try again, or name another one.`;
    case 'status':
      return `The Ethereum node answered with the status ${why.status}. Check its address, and the key in it if it has one.`;
    case 'garbled':
      return `What answers there is no Ethereum node, or no SmartLinkAnchor: its answer to ${why.method} cannot be read (${garbledWhy[why.why]}). Check both addresses.`;
    case 'refused':
      return `The Ethereum node refuses ${why.method}: ${why.said}. Check that the contract is a SmartLinkAnchor.`;
    case 'no_contract':
      return `There is no contract at that address on Ethereum’s chain ${why.chainId}. Check the address and the network.`;
  }
}

/** In plain English; refusals as the command-line verifier says them. */
export const en: Words = { steps, values, shown: ({ is }) => is, refusal, verdict, failure };
