/** Makes values of any type of the metadata, for tests that go through all calls. */
import { type CallShape, type DecodedCall, type Field, fieldsOf, type Metadata } from '../metadata';

const ACCOUNT = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

/** Two calls of one shape: with the first variants and no options, and with the last and all options. */
export function sampleCalls(metadata: Metadata, shape: CallShape): DecodedCall[] {
  return [false, true].map((last) => ({
    type: shape.pallet,
    value: { type: shape.name, value: sampleFields(metadata, shape.fields, last, 0) },
  }));
}

function sampleFields(metadata: Metadata, fields: Field[], last: boolean, depth: number): unknown {
  if (fields.length === 0) return undefined;
  const full = fields.filter((f) => !metadata.isEmpty(f.type));
  const values = full.map((f) => sample(metadata, f.type, last, depth + 1));
  if (fields.length === 1 && fields[0]?.name === '0') return values[0];
  if (fields.some((f) => /^\d+$/.test(f.name))) return values;
  return Object.fromEntries(full.map((f, at) => [f.name, values[at]]));
}

function sample(metadata: Metadata, type: number, last: boolean, depth: number): unknown {
  if (type === metadata.callType) {
    const remark = { type: 'remark', value: { remark: new TextEncoder().encode('hello') } };
    return { type: 'System', value: remark };
  }
  const entry = metadata.type(type);
  if (entry.path.at(-1) === 'AccountId32') return ACCOUNT;
  const { def } = entry;
  switch (def.tag) {
    case 'primitive':
      return primitive(def.value.tag);
    case 'compact':
      return sample(metadata, def.value, last, depth);
    case 'sequence':
      if (isByte(metadata, def.value)) return new TextEncoder().encode('abc');
      return depth > 12 ? [] : [sample(metadata, def.value, last, depth + 1)];
    case 'array':
      if (isByte(metadata, def.value.type)) return `0x${'41'.repeat(def.value.len)}`;
      return Array.from({ length: def.value.len }, () => sample(metadata, def.value.type, last, depth + 1));
    case 'tuple':
      return def.value.length === 0 ? undefined : def.value.map((t) => sample(metadata, t, last, depth + 1));
    case 'composite':
      if (def.value[0] && def.value.length === 1) return sample(metadata, def.value[0].type, last, depth + 1);
      return sampleFields(metadata, fieldsOf(def.value), last, depth);
    case 'bitSequence':
      return [1, 0, 1];
    case 'variant': {
      const simple = depth > 8 || !last ? def.value[0] : def.value.at(-1);
      const isOption = entry.path.join() === 'Option';
      if (entry.path.at(-1) === 'MultiAddress') return { type: 'Id', value: ACCOUNT };
      if (!simple) throw new Error(`type ${type} has no values`);
      const value = sampleFields(metadata, fieldsOf(simple.fields), last, depth);
      return isOption ? (simple.name === 'Some' ? value : undefined) : { type: simple.name, value };
    }
  }
}

function isByte(metadata: Metadata, type: number): boolean {
  const { def } = metadata.type(type);
  return def.tag === 'primitive' && def.value.tag === 'u8';
}

function primitive(tag: string): unknown {
  switch (tag) {
    case 'bool':
      return true;
    case 'str':
    case 'char':
      return 'x';
    case 'u64':
    case 'u128':
    case 'u256':
    case 'i64':
    case 'i128':
    case 'i256':
      return 1_780_272_000n;
    default:
      return 3;
  }
}
