import type { Explain, LevelName } from '../../contract/access.ts';
import { firstToSpeak } from './cascade/index.ts';
import { compileGrant, type Permit } from './cascade/permit.ts';
import { denyRule } from './cascade/words.ts';
import type { Grant, ServerRecord } from './records.ts';
import type { World } from './world.ts';

/** The one rule that decided. */
export type Decider = Readonly<Explain['decided_by']>;

/** The caller (`minter` undefined) or a key it descends from, with the grant that decides for that key. */
export interface Holder {
  readonly minter: string | undefined;
  readonly spoke: { readonly level: LevelName; readonly grant: Grant } | undefined;
  readonly permit: Permit;
}

/** The caller, and every key it descends from. */
export function holdersOf(world: World): readonly [Holder, ...Holder[]] {
  const holder = (spoke: Holder['spoke'], minter?: string): Holder => ({
    minter,
    spoke,
    permit: spoke === undefined ? () => undefined : compileGrant(spoke.grant, world.toolsets),
  });
  const minters = world.key.lineage.map(({ key_id }, at) => {
    const bound = world.minters[at];
    return holder(bound && firstToSpeak(bound, world.toolsets), key_id);
  });
  return [holder(firstToSpeak(world, world.toolsets)), ...minters];
}

/** Why a holder is not granted a tool. */
export function holderRule({ minter, spoke }: Holder, server: ServerRecord, tool: string): Decider {
  const rule = spoke === undefined ? 'no level has a grant' : denyRule(spoke.level, spoke.grant, server, tool);
  if (minter !== undefined) return { kind: 'minter', name: minter, rule: `of a key that minted it: ${rule}` };
  return spoke === undefined ? { kind: 'none', name: 'none', rule } : { kind: 'level', name: spoke.level, rule };
}
