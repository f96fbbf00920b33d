// Packs what was built, each file beside itself: the api role sends .br and .gz to browsers that take them, and packs
// nothing itself. Run after `vite build`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
/** What packs well. Maps of sources are for developers alone. */
const packs = /\.(html|js|css|svg|json|geojson|webmanifest|txt)$/;
/** Below it a packet is a packet. */
const least = 1_024;

const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
let [before, after] = [0, 0];
for (const name of names) {
  if (name.startsWith('.') || !packs.test(name)) continue;
  const plain = readFileSync(new URL(name, dist));
  if (plain.length < least) continue;
  const packed = { br: brotliCompressSync(plain), gz: gzipSync(plain, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(packed))
    writeFileSync(new URL(`${name}.${ending}`, dist), bytes);
  before += plain.length;
  after += packed.br.length;
}
console.log(`${(before / 1000).toFixed(0)} kB are ${(after / 1000).toFixed(0)} kB, packed with Brotli`);
