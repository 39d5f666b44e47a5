import type { Peer } from './peer.ts';

/** Sessions and verdicts of one environment; more than it meets in its life, so that the oldest is seldom needed. */
const maxPeers = 500;

/** Remembers how to speak to the server of a `session` key (server id, revision, credential digest). */
export function openPeers() {
  const known = new Map<string, Peer>();
  return {
    get: (session: string): Peer | undefined => known.get(session),
    forget: (session: string): void => {
      known.delete(session);
    },
    remember: (session: string, peer: Peer): Peer => {
      known.delete(session);
      known.set(session, peer);
      if (known.size > maxPeers) known.delete(known.keys().next().value!);
      return peer;
    },
  };
}
