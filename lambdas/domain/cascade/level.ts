import type { LevelName } from '../../../contract/access.ts';
import type { Grant, ToolsetRecord } from '../records.ts';
import type { Bound } from '../world.ts';

/** A grant is an opinion, even an empty one; the two silences let the cascade go on. */
export type Opinion = 'not bound' | 'no opinion' | Grant;

/** A level of the cascade. To add one: a file with a `Level`, its name in contract/access.ts, its place in index.ts. */
export interface Level {
  readonly name: LevelName;
  /** What it says of a key and its principals; `toolsets` are all of the org. */
  says(bound: Bound, toolsets: readonly ToolsetRecord[]): Opinion;
}

/** What a record says by its `object_permission`. */
export const opinionOf = (record: { readonly object_permission?: Grant } | undefined): Opinion =>
  record === undefined ? 'not bound' : (record.object_permission ?? 'no opinion');
