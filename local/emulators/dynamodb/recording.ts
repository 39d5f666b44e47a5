import type { BatchWrite, Item, RowDb, Store } from './store.ts';

/** One item's row before and after a write; absent means the item did not exist. */
export interface ItemWrite {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** What actions meant to write: `batch` for the database (items and index rows), `items` for the change feed. */
export interface Recording {
  readonly batch: readonly BatchWrite[];
  readonly items: readonly ItemWrite[];
}

/**
 * A view of the store that reads through and holds writes back, so that one request, however many items and
 * index rows it touches, reaches the disk in one atomic batch or not at all. Requests take turns: no locks here.
 */
export function recordWrites(store: Store): { readonly view: Store; readonly recording: Recording } {
  const batch: BatchWrite[] = [];
  const items: ItemWrite[] = [];

  const rows = (original: RowDb, prefix: string, table?: string): RowDb => {
    const read = new Map<string, Item | undefined>();
    const note = (key: string, after?: Item) => {
      if (table !== undefined) items.push({ table, before: read.get(key), after });
    };
    return {
      lock: (_key, enter) => enter((done) => done),
      get: (key, done) =>
        original.get(key, (error, item) => {
          read.set(key, item);
          done(error, item);
        }),
      put(key, value, done) {
        batch.push({ type: 'put', key: prefix + key, value });
        note(key, value);
        done(null);
      },
      del(key, done) {
        batch.push({ type: 'del', key: prefix + key });
        note(key);
        done(null);
      },
    };
  };

  const itemDbs = new Map<string, RowDb>();
  const view: Store = {
    ...store,
    getItemDb(table) {
      const db = itemDbs.get(table) ?? rows(store.getItemDb(table), `item-${table}~`, table);
      itemDbs.set(table, db);
      return db;
    },
    getIndexDb: (kind, table, index) =>
      rows(store.getIndexDb(kind, table, index), `index-${kind.toLowerCase()}~${table}~${index}~`),
  };
  return { view, recording: { batch, items } };
}
