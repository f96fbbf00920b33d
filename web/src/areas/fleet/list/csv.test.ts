import { expect, test } from 'vitest';
import { csvOf } from './csv';

test('plates, commas and quotes come back as they were', () => {
  expect(csvOf(['plate', 'note'], [['粤BF00000', 'a "new", one']])).toBe(
    '\ufeffplate,note\r\n粤BF00000,"a ""new"", one"\r\n',
  );
});

test('what a spreadsheet would calculate stays text, and numbers stay numbers', () => {
  expect(csvOf(['a'], [['=1+1'], ['-12.5'], [-3], [7n], [null]])).toBe(
    "\ufeffa\r\n'=1+1\r\n-12.5\r\n-3\r\n7\r\n\r\n",
  );
});
