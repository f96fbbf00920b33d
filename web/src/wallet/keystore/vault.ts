/** Where key files are kept: IndexedDB of this browser. */
import { type KeyFile, parseKeyFile } from './file';

const DATABASE = 'smartlink-keys';
const STORE = 'keys';

/** The browser does not let the portal keep anything, as in some private windows. */
export class NoStorage extends Error {
  override readonly name = 'NoStorage';
}

/** All keys, by name. */
export async function storedKeys(): Promise<KeyFile[]> {
  const all = await run<unknown[]>('readonly', (store) => store.getAll());
  // What was stored by another version and cannot be read any more is left where it is.
  return all.flatMap((stored) => {
    try {
      return [parseKeyFile(JSON.stringify(stored))];
    } catch {
      return [];
    }
  });
}

/** Keeps a key; one with the same address is replaced. */
export async function storeKey(file: KeyFile): Promise<void> {
  await run('readwrite', (store) => store.put(file));
  // Without this the browser may drop the keys when the disk gets full. It may refuse; the file can be exported.
  await globalThis.navigator?.storage?.persist?.().catch(() => false);
}

/** Forgets a key. One that is not there is forgotten already. */
export async function forgetKey(address: string): Promise<void> {
  await run('readwrite', (store) => store.delete(address));
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') {
      reject(new NoStorage('this browser has no IndexedDB'));
      return;
    }
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'address' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new NoStorage(request.error?.message ?? 'IndexedDB cannot be opened'));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T>;
async function run(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(new NoStorage(transaction.error?.message ?? 'not stored'));
    });
  } finally {
    database.close();
  }
}
