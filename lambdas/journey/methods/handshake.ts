import { capabilitiesOf } from '../../domain/protocol/capabilities.ts';
import { discoverResult, emptyResult, initializeResult } from '../../domain/protocol/results.ts';
import { ok } from '../../domain/result.ts';
import { findServer } from '../resolve.ts';
import { pinnedOf } from '../snapshots.ts';
import type { Asked, Method } from './method.ts';

/** The instructions of a server, as pinned; a set of several servers has none of its own. */
async function instructionsOf({ scope: { single, world }, ports }: Asked): Promise<string | undefined> {
  const server = single === undefined ? undefined : findServer(world, single);
  return server && (await pinnedOf(server, ports.snapshots))?.instructions;
}

const acknowledge: Method = async () => ok(emptyResult);

/** What clients ask before and beside the work. */
export const handshake = {
  legacy: {
    initialize: async (asked) =>
      ok(initializeResult(asked.version, capabilitiesOf(asked.scope.offered), await instructionsOf(asked))),
    ping: acknowledge,
    // Not advertised. For clients that send it all the same it is no error: log messages of a call come as they are.
    'logging/setLevel': acknowledge,
  },
  modern: {
    'server/discover': async (asked) =>
      ok(discoverResult(capabilitiesOf(asked.scope.offered), await instructionsOf(asked))),
  },
} satisfies Record<string, Record<string, Method>>;
