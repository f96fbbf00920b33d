import 'fake-indexeddb/auto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { verify } from '@scure/sr25519';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addressOf, BadAddress, ownAddress, publicKeyOf } from '../address';
import { BadKeyFile, openKey, parseKeyFile, sealKey, WrongPassword } from './file';
import { Keystore, Locked, OPEN_FOR_MS } from './keystore';
import { LEAST_LENGTH, passwordFault } from './password';
import { BadPath, BadPhrase, newPhrase, pairOf } from './phrase';

/** The phrase that all development keys come from. */
const DEVELOPMENT = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const PASSWORD = 'correct horse 7';

/** The least that scrypt may cost, so that the tests are quick. */
const CHEAP = 1 << 13;

/** Written by polkadot.js (@polkadot/keyring): `//Alice` under `PASSWORD`. */
const FROM_POLKADOT_JS = JSON.stringify({
  encoded:
    'YhZTDrgmvPr69WlLJSG5DfG8Ks+oDjVfYLF5zAxfbQIAAAIAAQAAAAgAAABa7vRVT6WcaPRHwT6Cx0azOrglS4rf+khSKiU6GEQ9yDwYSo9RUdyTZbonko08XsiU2khjO3JrstxoMJ0VLkC558fG3nnkUrpo0fBGxi+2BaXqZI3S+tCkGGKwrmkmuKQy9NjpSm99bG5vU90lDKyAtsUDrF7lnaWkh2eotnHG6Zba9QfYih2CgwjUYUKEQ1YVkDozdwgRbhguQOOF',
  encoding: { content: ['pkcs8', 'sr25519'], type: ['scrypt', 'xsalsa20-poly1305'], version: '3' },
  address: ALICE,
  meta: { name: 'Alice of tests', whenCreated: 1767225600000 },
});

/** Written by polkadot.js: the development phrase as ed25519. */
const ED25519 = JSON.stringify({
  encoded:
    'K88XGeF4NZ4t+suuIfufbjcmJzVC+Qjn0XHrMvj6tpQAAAIAAQAAAAgAAAD5LtScmBacKgGaXCK+vUSZNVN5nUT/a4F2Iw/pWsm+coiEuyVkIIiN1ISwuye/tHKYQwuZSJW34zFI5qi6JsGQhEBEe9cL69LGnJtFMnVmrodLMJto7uPHDtZfv9+pywVMYwsdJKUlojdUWAfQWKgYcXvlPEAyFMKL1fv7wMFFw4FhWiR8e0nnelb7nL2QKZxXFdmq4hI3oWsFttJX',
  encoding: { content: ['pkcs8', 'ed25519'], type: ['scrypt', 'xsalsa20-poly1305'], version: '3' },
  address: '5DFJF7tY4bpbpcKPJcBTQaKuCDEPCpiz8TRjpmLeTtweqmXL',
  meta: { name: 'Ed' },
});

const MESSAGE = new TextEncoder().encode('<Bytes>a challenge</Bytes>');

describe('keys from words', () => {
  it.each([
    ['', '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV'],
    ['//Alice', ALICE],
    ['//Alice//fleet', '5Egpd54a2fVsyjrDBaawurmk8TrDLHU21gAH1FiDDHd2DEWY'],
    ['//Alice/soft/1', '5EJVuiSkauKYisFQeMx1rMqHLgt24MutFku5AqoNyAZzscqa'],
  ])('are those that other wallets make: path "%s"', async (path, address) => {
    expect(addressOf((await pairOf(DEVELOPMENT, path)).publicKey)).toBe(address);
  });

  it('do not mind how the words are written', async () => {
    const { publicKey } = await pairOf(`  ${DEVELOPMENT.toUpperCase().replaceAll(' ', '\n ')} `, '//Alice');
    expect(bytesToHex(publicKey)).toBe('d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
  });

  it('name the words that are none, and tell a wrong check sum', async () => {
    const misspelt = DEVELOPMENT.replace('lake', 'lakee');
    await expect(pairOf(misspelt)).rejects.toMatchObject({ name: 'BadPhrase', unknown: ['lakee'] });
    await expect(pairOf(DEVELOPMENT.replace('lake', 'drive'))).rejects.toThrow(BadPhrase);
    await expect(pairOf(DEVELOPMENT, 'Alice')).rejects.toThrow(BadPath);
  });

  it('are new ones each time', async () => {
    const phrases = [newPhrase(), newPhrase()];
    expect(phrases[0]).not.toBe(phrases[1]);
    expect(phrases[0]?.split(' ')).toHaveLength(12);
    await pairOf(phrases[0] ?? '');
  });
});

describe('addresses', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        expect(publicKeyOf(addressOf(key))).toEqual(key);
      }),
    );
  });

  it('of other chains are the same account', () => {
    expect(ownAddress('15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5')).toBe(ALICE);
  });

  it('with a letter wrong are refused', () => {
    expect(() => publicKeyOf(ALICE.replace('5Grw', '5Grx'))).toThrow(BadAddress);
    expect(() => publicKeyOf('')).toThrow(BadAddress);
  });
});

describe('a key file', () => {
  it('of polkadot.js opens, and signs as that key', async () => {
    const key = await openKey(parseKeyFile(FROM_POLKADOT_JS), PASSWORD);
    expect(key.publicKey).toEqual((await pairOf(DEVELOPMENT, '//Alice')).publicKey);
    expect(key.secret).toEqual((await pairOf(DEVELOPMENT, '//Alice')).secret);
  });

  it('that we write opens again, and not with another password', async () => {
    const pair = await pairOf(newPhrase());
    const file = await sealKey({ kind: 'sr25519', ...pair }, PASSWORD, { name: '王司机' }, CHEAP);
    const again = parseKeyFile(JSON.stringify(file));
    expect(again.meta.name).toBe('王司机');
    expect((await openKey(again, PASSWORD)).secret).toEqual(pair.secret);
    await expect(openKey(again, `${PASSWORD} `)).rejects.toThrow(WrongPassword);
  });

  it('is refused when it is another kind, version, address or too much work', async () => {
    const file = JSON.parse(FROM_POLKADOT_JS);
    const with_ = (changes: object) => JSON.stringify({ ...file, ...changes });
    const encoding = (changes: object) => with_({ encoding: { ...file.encoding, ...changes } });
    expect(() => parseKeyFile('{')).toThrow(BadKeyFile);
    expect(() => parseKeyFile(encoding({ version: '2' }))).toThrow('version');
    expect(() => parseKeyFile(encoding({ content: ['pkcs8', 'ecdsa'] }))).toThrow('kind');
    const other = parseKeyFile(with_({ address: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' }));
    await expect(openKey(other, PASSWORD)).rejects.toThrow('content');
    const bytes = Uint8Array.from(atob(file.encoded), (c) => c.charCodeAt(0));
    new DataView(bytes.buffer).setUint32(32, 1 << 24, true);
    const heavy = parseKeyFile(with_({ encoded: btoa(String.fromCharCode(...bytes)) }));
    await expect(openKey(heavy, PASSWORD)).rejects.toThrow('work');
  });
});

describe('the keystore of a browser', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps a key, signs, locks, and opens only with its password', async () => {
    const keystore = new Keystore(OPEN_FOR_MS, CHEAP);
    const { address } = await keystore.add(DEVELOPMENT, '//Alice', 'Alice', PASSWORD);
    expect(verify(MESSAGE, keystore.sign(address, MESSAGE), publicKeyOf(address))).toBe(true);
    keystore.lock();
    expect(() => keystore.sign(address, MESSAGE)).toThrow(Locked);
    await expect(keystore.unlock(address, 'something else')).rejects.toThrow(WrongPassword);
    expect(keystore.isOpen(address)).toBe(false);

    const later = new Keystore(OPEN_FOR_MS, CHEAP);
    expect((await later.keys()).map((file) => file.address)).toContain(address);
    await later.unlock(address, PASSWORD);
    expect(verify(MESSAGE, later.sign(address, MESSAGE), publicKeyOf(address))).toBe(true);
    await later.remove(address);
    expect((await later.keys()).map((file) => file.address)).not.toContain(address);
  });

  it('moves keys in from polkadot.js and out again', async () => {
    const keystore = new Keystore(OPEN_FOR_MS, CHEAP);
    const { address } = await keystore.import(FROM_POLKADOT_JS, PASSWORD);
    const out = await keystore.export(address, PASSWORD);
    expect((await openKey(parseKeyFile(JSON.stringify(out)), PASSWORD)).publicKey).toEqual(
      publicKeyOf(ALICE),
    );
    await expect(keystore.export(address, 'not this one')).rejects.toThrow(WrongPassword);
  });

  it('signs with ed25519 too', async () => {
    const keystore = new Keystore(OPEN_FOR_MS, CHEAP);
    const { address } = await keystore.import(ED25519, PASSWORD);
    expect(ed25519.verify(keystore.sign(address, MESSAGE), MESSAGE, publicKeyOf(address))).toBe(true);
  });

  it('locks by itself, later after each signature', async () => {
    const keystore = new Keystore(OPEN_FOR_MS, CHEAP);
    const { address } = await keystore.import(FROM_POLKADOT_JS, PASSWORD);
    vi.useFakeTimers();
    keystore.sign(address, MESSAGE);
    vi.advanceTimersByTime(OPEN_FOR_MS - 1);
    keystore.sign(address, MESSAGE);
    vi.advanceTimersByTime(OPEN_FOR_MS - 1);
    expect(keystore.isOpen(address)).toBe(true);
    vi.advanceTimersByTime(1);
    expect(keystore.isOpen(address)).toBe(false);
    expect(() => keystore.sign(address, MESSAGE)).toThrow(Locked);
  });
});

describe('a password', () => {
  it.each([
    ['short1!', 'short'],
    ['aaaaaaaaaaaa', 'simple'],
    ['Password2026', 'common'],
    ['wang-laowu-3', 'name'],
    ['correct horse 7', undefined],
    ['春眠不觉晓处处闻啼鸟', undefined],
  ])('%s: %s', (password, fault) => {
    expect(passwordFault(password, ['Laowu'])).toBe(fault);
  });

  it('may be as short as is said', () => {
    expect(passwordFault('abcdefghij'.slice(0, LEAST_LENGTH))).toBeUndefined();
  });
});
