// The schema, as tools see it that make types and completions of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';
import { ask, keeping, server } from '../index.js';

const printed = (schema) => printSchema(lexicographicSortSchema(schema));

test('introspection and the text of the schema are the same schema', async () => {
  const response = await fetch(`${server}/schema.graphql`);
  assert.equal(response.status, 200);
  const text = buildSchema(await response.text());
  const asked = buildClientSchema(await ask(getIntrospectionQuery()));
  assert.deepEqual(validateSchema(text), []);
  assert.deepEqual(validateSchema(asked), []);
  assert.equal(printed(asked), printed(text));
  for (const name of ['Block', 'Extrinsic', 'Event', 'Vehicle', 'Company', 'Batch']) {
    assert.ok(asked.getType(name)?.description, `${name} is described`);
    assert.ok(asked.getType(`${name}Filter`) && asked.getType(`${name}OrderBy`), name);
  }
});

test('everything that introspection asks for is there with directives and inputs of every kind', async () => {
  const all = { descriptions: true, schemaDescription: true, specifiedByUrl: true, inputValueDeprecation: true };
  const schema = buildClientSchema(await ask(getIntrospectionQuery(all)));
  assert.deepEqual(
    [schema.getQueryType()?.name, schema.getMutationType()?.name, schema.getSubscriptionType()?.name],
    ['Query', undefined, 'Subscription'],
  );
});

test('a client that keeps answers asks for type names everywhere, and gets them, by POST and by GET', async () => {
  const question = '{ companies(first: 2) { name vehicles(first: 1) { plate } } search(text: "1") { item { ... on Company { name } } } }';
  for (const preferGetMethod of [false, 'force']) {
    const { data, error } = await keeping({ preferGetMethod }).query(question, {}).toPromise();
    assert.equal(error, undefined, String(error));
    assert.equal(data.companies[0].__typename, 'Company');
    assert.ok(data.search.every((hit) => hit.__typename === 'SearchHit' && hit.item.__typename));
  }
});
