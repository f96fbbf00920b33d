// docs/graphql.md: every question in it is asked, so that it stays true.
//
// A block of GraphQL has an answer that shows something. One with a comment at its end, `# CODE: sentence`, is refused with
// that code and sentence (`…` stands for anything; without a code it is `# sentence`).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ask, first, refused } from '../index.js';

const path = process.env.SMARTLINK_DOCUMENT ?? new URL('../../../../docs/graphql.md', import.meta.url);
const document = readFileSync(path, 'utf8');

/** Blocks of GraphQL, under the heading that they stand under. */
function* blocks() {
  let heading = '';
  let block;
  for (const line of document.split('\n')) {
    if (block !== undefined) {
      if (line.startsWith('```')) {
        yield [heading, block];
        block = undefined;
      } else block += `${line}\n`;
    } else if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    else if (line.startsWith('```graphql')) block = '';
  }
}

/** Whether an answer shows something. */
function shows(value) {
  if (Array.isArray(value)) return value.some(shows);
  return typeof value === 'object' && value !== null ? Object.values(value).some(shows) : value !== null;
}

const count = new Map();
for (const [heading, question] of blocks()) {
  const number = (count.get(heading) ?? 0) + 1;
  count.set(heading, number);
  test(`the document's example ${number} under “${heading}”`, async () => {
    const comment = question.trimEnd().split('\n').at(-1).match(/^# (?:([A-Z_]+): )?(.+)$/);
    if (comment) {
      const { message, code } = await refused(question);
      const pattern = comment[2].split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
      assert.match(message, new RegExp(`^${pattern}$`, 's'));
      assert.equal(code, comment[1]);
      return;
    }
    const data = question.trimStart().startsWith('subscription') ? await first(question) : await ask(question);
    for (const [field, value] of Object.entries(data)) assert.ok(shows(value), `${field} shows nothing`);
  });
}

test('the document has examples of everything', () => {
  assert.ok([...count.values()].reduce((all, one) => all + one, 0) > 15, String([...count.keys()]));
});
