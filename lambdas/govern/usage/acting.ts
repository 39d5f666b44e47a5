import type { Usage } from '../../ports/books.ts';
import type { Records } from '../../ports/table.ts';
import type { Seal } from '../../ports/vault.ts';
import type { Acting } from '../acting.ts';

/** What readers of the books ask of the world; nothing here writes. */
export interface UsageActing extends Acting {
  readonly records: Records;
  readonly usage: Usage;
  readonly seal: Seal;
}
