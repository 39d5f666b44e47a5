import type { AttributeValue } from 'aws-lambda';

// Shapes of dynalite 4.0.0, which ships no types.

/** An item in DynamoDB's JSON form; binary values are base64 text. */
export type Item = Record<string, AttributeValue>;
type Callback<T> = (error: Error | null, value: T) => void;
type Done = (error: Error | null) => void;

/** Rows under one key prefix of the database; `lock` enters with a function that wraps the final callback. */
export interface RowDb {
  get(key: string, done: Callback<Item | undefined>): void;
  put(key: string, value: Item, done: Done): void;
  del(key: string, done: Done): void;
  lock(key: string, enter: (release: <T>(done: T) => T) => void): void;
}

/** One row of an atomic batch; the key is whole, prefix included. */
export type BatchWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** A table's description as dynalite keeps it, plus its time to live, which dynalite lacks. */
export interface Table {
  readonly TableName: string;
  readonly TableArn: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly StreamSpecification?: { readonly StreamEnabled: boolean; readonly StreamViewType: string };
  readonly TimeToLiveDescription?: { readonly TimeToLiveStatus: string; readonly AttributeName: string };
}

/** dynalite's store: one LevelDB whose keys carry the prefix of the table, index or item set they belong to. */
export interface Store {
  readonly db: {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    batch(writes: readonly BatchWrite[]): Promise<void>;
    clear(range: { gte: string; lt: string }): Promise<void>;
    iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
  };
  readonly tableDb: { put(name: string, table: Table, done: Done): void };
  getItemDb(table: string): RowDb;
  getIndexDb(kind: 'Local' | 'Global', table: string, index: string): RowDb;
  getTable(name: string, done: Callback<Table>): void;
}
