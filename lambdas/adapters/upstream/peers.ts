import type { Sessions, UpstreamTarget } from '../../ports/upstream.ts';
import type { Peer } from './peer.ts';
import { modernRevision } from './revision.ts';

/** Sessions and verdicts of one environment; more than it meets in its life, so that the oldest is seldom needed. */
const maxPeers = 500;

type Whose = Pick<UpstreamTarget, 'orgId' | 'session' | 'protocolVersion'>;

/**
 * Remembers how to speak to the server of a target: in memory, and legacy sessions in `sessions` too. The store only
 * spares a handshake, so whatever is wrong with it costs one and nothing else, and no call waits for what is written.
 */
export function openPeers(sessions: Sessions | undefined) {
  const known = new Map<string, Peer>();
  const keep = (session: string, peer: Peer): Peer => {
    known.delete(session);
    known.set(session, peer);
    if (known.size > maxPeers) known.delete(known.keys().next().value!);
    return peer;
  };
  const ignored = (written: Promise<void> | undefined): void => void written?.catch(() => {});
  return {
    async find({ orgId, session, protocolVersion }: Whose): Promise<Peer | undefined> {
      const peer = known.get(session);
      const mayBeStored = sessions && protocolVersion !== undefined && protocolVersion !== modernRevision;
      if (peer || !mayBeStored) return peer;
      const stored = await sessions.load(orgId, session).catch(() => undefined);
      return stored && keep(session, { era: 'legacy', version: stored.protocolVersion, session: stored.id });
    },
    remember({ orgId, session }: Whose, peer: Peer): Peer {
      if (peer.era === 'legacy' && peer.session !== undefined)
        ignored(sessions?.save(orgId, session, { id: peer.session, protocolVersion: peer.version }));
      return keep(session, peer);
    },
    forget({ orgId, session }: Whose, peer: Peer): void {
      known.delete(session);
      if (peer.era === 'legacy' && peer.session !== undefined) ignored(sessions?.forget(orgId, session));
    },
  };
}
