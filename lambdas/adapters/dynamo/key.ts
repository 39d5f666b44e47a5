declare const spelled: unique symbol;
type Spelled<What extends string> = string & { readonly [spelled]: What };

/** A partition of the table; only `keys.ts` makes one, so a query without its org does not compile. */
export type Partition = Spelled<'partition'>;
/** A partition of the index `byOrg`; only `keys.ts` makes one. */
export type IndexPartition = Spelled<'index partition'>;

/** The key of one item. */
export interface ItemKey {
  readonly pk: Partition;
  readonly sk: string;
}
/** Where an item stands in the index `byOrg`. */
export interface IndexKey {
  readonly gpk: IndexPartition;
  readonly gsk: string;
}
/** The items of a partition whose sort keys begin alike. */
export interface Range {
  readonly pk: Partition;
  readonly prefix: string;
}

/** The items of a partition whose sort keys lie between two, both included. */
export interface Span {
  readonly pk: Partition;
  readonly first: string;
  readonly last: string;
}

/** Names an item, or its key, within the table. */
export const nameOf = ({ pk, sk }: { readonly pk?: unknown; readonly sk?: unknown }): string => `${pk} ${sk}`;
