import type {
  AgentRecord,
  KeyRecord,
  OrgRecord,
  ServerRecord,
  TeamRecord,
  ToolsetRecord,
  UserRecord,
} from './records.ts';

/** A key with the principals it is bound to; a principal it is not bound to, or that is a tombstone, is absent. */
export interface Bound {
  readonly key: KeyRecord;
  readonly org: OrgRecord;
  readonly team?: TeamRecord;
  readonly user?: UserRecord;
  readonly agent?: AgentRecord;
}

/** Everything that decides what a caller may call, as read at one moment. */
export interface World extends Bound {
  /** The member keys that minted this one, nearest first, each with its own principals; `undefined` where one is gone. */
  readonly minters: readonly (Bound | undefined)[];
  /** All servers of the org. */
  readonly servers: readonly ServerRecord[];
  /** All toolsets of the org. */
  readonly toolsets: readonly ToolsetRecord[];
}

/** Thrown by `ports.Worlds` when the key or its org is gone: nobody is calling. */
export class WorldGone extends Error {
  override readonly name = 'WorldGone';
}
