// What a browser loads before it shows the home page: the entry, what it imports, and the home page's own chunk, as
// gzip sends them. Fails above the bound. Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const most = 300_000;
const dist = new URL('../dist/', import.meta.url);

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
}

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<
  string,
  Chunk
>;

function files(name: string, found: Set<string>): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`the manifest has no ${name}`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const next of chunk.imports ?? []) files(next, found);
  return found;
}

const first = files('src/app/HomePage.tsx', files('index.html', new Set(['index.html'])));
const sizes = [...first]
  .map((file) => ({ file, bytes: gzipSync(readFileSync(new URL(file, dist)), { level: 6 }).length }))
  .sort((a, b) => b.bytes - a.bytes);
const sum = sizes.reduce((all, { bytes }) => all + bytes, 0);

for (const { file, bytes } of sizes) console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
console.log(`${(sum / 1000).toFixed(1).padStart(8)} kB  first load, gzip; the bound is ${most / 1000} kB`);
if (sum > most) {
  console.error('The first load is too large: load what grew only where it is used, by import().');
  process.exitCode = 1;
}
