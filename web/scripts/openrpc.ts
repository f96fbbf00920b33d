// Writes src/api/methods.ts, the types of the API, from docs/openrpc.json. `methodsText` is what a test compares the
// checked-in file with.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Node = { readonly [key: string]: Json };

export const source = fileURLToPath(new URL('../../docs/openrpc.json', import.meta.url));
export const target = fileURLToPath(new URL('../src/api/methods.ts', import.meta.url));

function node(value: Json | undefined, what: string): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what}: not an object`);
  return value as Node;
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what}: not a text`);
  return value;
}

function comment(schema: Node, indent: string): string {
  const words = schema['description'];
  return typeof words === 'string' ? `${indent}/** ${words.replaceAll('*/', '* /')} */\n` : '';
}

/** `nothing`: what a field that may be missing says so with. Answers leave out what is not known, callers say undefined. */
type Nothing = '' | ' | undefined';

function members(schema: Node, nothing: Nothing, indent: string): string {
  const required = new Set(list(schema['required']));
  const properties = node(schema['properties'] ?? {}, 'properties');
  const lines = Object.entries(properties).map(([name, value]) => {
    const property = node(value, name);
    const optional = required.has(name) ? '' : '?';
    const type = typeOf(property, nothing, `${indent}  `) + (optional === '' ? '' : nothing);
    return `${comment(property, `${indent}  `)}${indent}  readonly ${name}${optional}: ${type};\n`;
  });
  return lines.length === 0 ? 'Record<string, unknown>' : `{\n${lines.join('')}${indent}}`;
}

function ofKind(kind: Json, schema: Node, nothing: Nothing, indent: string): string {
  switch (kind) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array': {
      const items = schema['items'];
      return `ReadonlyArray<${items === undefined ? 'unknown' : typeOf(node(items, 'items'), nothing, indent)}>`;
    }
    case 'object': {
      const values = schema['additionalProperties'];
      return schema['properties'] === undefined && typeof values === 'object' && values !== null
        ? `Readonly<Record<string, ${typeOf(node(values, 'additionalProperties'), nothing, indent)}>>`
        : members(schema, nothing, indent);
    }
    default:
      throw new Error(`a type that this script does not know: ${JSON.stringify(kind)}`);
  }
}

function union(schemas: readonly Json[], nothing: Nothing, indent: string): string {
  const parts = schemas
    .map((one) => node(one, 'union'))
    .filter((one) => one['type'] !== 'null')
    .map((one) => typeOf(one, nothing, indent));
  return [...new Set(parts)].join(' | ');
}

function typeOf(schema: Node, nothing: Nothing, indent: string): string {
  const ref = schema['$ref'];
  if (typeof ref === 'string') return ref.slice(ref.lastIndexOf('/') + 1);
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (schema['enum'] !== undefined)
    return list(schema['enum'])
      .map((one) => JSON.stringify(one))
      .join(' | ');
  const [only, ...others] = list(schema['allOf']);
  if (only !== undefined && others.length === 0) return typeOf(node(only, 'allOf'), nothing, indent);
  if (only !== undefined) throw new Error('allOf of several schemas: this script does not know it');
  const either = schema['oneOf'] ?? schema['anyOf'];
  if (either !== undefined) return union(list(either), nothing, indent);
  const type = schema['type'];
  if (type === undefined) return 'unknown';
  const kinds = (Array.isArray(type) ? list(type) : [type]).filter((kind) => kind !== 'null');
  return kinds.map((kind) => ofKind(kind, schema, nothing, indent)).join(' | ');
}

function paramsOf(method: Node): string {
  const params = list(method['params']).map((param) => node(param, 'param'));
  if (params.length === 0) return 'Record<string, never>';
  const lines = params.map((param) => {
    const schema = node(param['schema'], 'schema');
    const required = param['required'] === true;
    const type = typeOf(schema, ' | undefined', '      ') + (required ? '' : ' | undefined');
    return `${comment(schema, '      ')}      readonly ${text(param['name'], 'name')}${required ? '' : '?'}: ${type};\n`;
  });
  return `{\n${lines.join('')}    }`;
}

function methodText(method: Node): string {
  const name = text(method['name'], 'name');
  const subscription = method['x-subscription'];
  const answer =
    subscription === undefined
      ? `    answer: ${typeOf(node(node(method['result'], name)['schema'], name), '', '    ')};\n`
      : `    pushes: ${typeOf(node(node(subscription, name)['pushes'], name), '', '    ')};\n`;
  const summary = text(method['summary'], name);
  return `  /** ${summary} */\n  ${JSON.stringify(name)}: {\n    params: ${paramsOf(method)};\n${answer}  };\n`;
}

/** The text of src/api/methods.ts. */
export function methodsText(document: string): string {
  const root = node(JSON.parse(document) as Json, 'openrpc.json');
  const methods = list(root['methods']).map((method) => node(method, 'method'));
  const components = node(root['components'], 'components');
  const schemas = Object.entries(node(components['schemas'], 'schemas')).map(([name, schema]) => {
    const one = node(schema, name);
    return `${comment(one, '')}export type ${name} = ${typeOf(one, '', '')};\n`;
  });
  const subscriptions = methods.filter((method) => method['x-subscription'] !== undefined);
  const calls = methods.filter((method) => method['x-subscription'] === undefined);
  const ends = subscriptions.map((method) => {
    const { notification, unsubscribe } = node(method['x-subscription'], 'x-subscription');
    return `  ${text(method['name'], 'name')}: ${JSON.stringify({ notification, unsubscribe })},\n`;
  });
  const access = methods.map((method) => {
    const who = text(method['x-access'], 'x-access');
    const roles =
      who === 'anyone' || who === 'logged in' ? JSON.stringify(who) : JSON.stringify(who.split(', '));
    return `  ${JSON.stringify(text(method['name'], 'name'))}: ${roles},\n`;
  });
  const keyed = calls.filter((method) =>
    list(method['params']).some((param) => node(param, 'param')['name'] === 'idempotency_key'),
  );
  const errors = Object.entries(node(components['errors'], 'errors')).map(
    ([name, error]) => `  ${name}: ${JSON.stringify(node(error, name)['code'])},\n`,
  );
  return [
    '// Made from docs/openrpc.json by `npm run generate:api`. Not edited by hand.\n',
    ...schemas,
    `export interface Calls {\n${calls.map(methodText).join('')}}\n`,
    `export interface Subscriptions {\n${subscriptions.map(methodText).join('')}}\n`,
    `/** Calls that take an idempotency key. */\nexport type Keyed =\n${keyed
      .map((method) => `  | ${JSON.stringify(method['name'])}`)
      .join('\n')};\n`,
    `export const subscriptions = {\n${ends.join('')}} as const;\n`,
    `/** Who may call what. */\nexport const access = {\n${access.join('')}} as const;\n`,
    `/** The errors by their names. */\nexport const errorCodes = {\n${errors.join('')}} as const;\n`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, methodsText(readFileSync(source, 'utf8')));
}
