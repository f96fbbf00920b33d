import { expect, test } from 'vitest';
import { statusAddress } from './exporting';
import { exportAddress, exportSearch } from './request';

const graphql = 'https://index.example.com/chain/graphql';

test('a request becomes the address that the index knows', () => {
  const address = exportAddress(graphql, {
    table: 'batches',
    format: 'csv',
    company: 3,
    at: 5000,
    since: '2026-11-01T00:00:00+08:00',
    until: '2026-12-01T00:00:00+08:00',
  });
  expect(address).toBe(
    'https://index.example.com/chain/exports/batches.csv?company=3&at=5000&since=2026-11-01T00%3A00%3A00%2B08%3A00&until=2026-12-01T00%3A00%3A00%2B08%3A00',
  );
});

test('what a table does not have is not asked of it', () => {
  expect(exportAddress(graphql, { table: 'blocks', format: 'parquet', company: 3, history: true })).toBe(
    'https://index.example.com/chain/exports/blocks.parquet',
  );
  expect(exportAddress(graphql, { table: 'vehicles', format: 'csv', history: true })).toBe(
    'https://index.example.com/chain/exports/vehicles.csv?history=true',
  );
});

test('the address of a file names the export that is followed', () => {
  const file = 'https://index.example.com/chain/exports/8f3a/batches-5000.csv';
  expect(statusAddress(file, graphql)).toBe('https://index.example.com/chain/exports/8f3a');
  // A refusal has no file.
  expect(statusAddress('https://index.example.com/chain/exports/batches.csv?at=9', graphql)).toBeUndefined();
  expect(statusAddress('https://elsewhere.example.com/exports/8f3a/x.csv', graphql)).toBeUndefined();
});

test('a link may name a table and a company, and nothing else', () => {
  expect(exportSearch({ table: 'rides', company: 2, at: 7 })).toEqual({ table: 'rides', company: 2 });
  expect(exportSearch({ table: 'users', company: 0 })).toEqual({});
});
