import { modernRevision } from './revision.ts';

/** A server of the legacy era that was initialized; one without a session keeps nothing about us. */
export interface LegacyPeer {
  readonly era: 'legacy';
  readonly version: string;
  readonly session?: string;
}

/** How a server is spoken to. */
export type Peer = { readonly era: 'modern'; readonly version: string } | LegacyPeer;

/** The modern era needs no handshake. */
export const modernPeer: Peer = { era: 'modern', version: modernRevision };

/** What a server said about itself when it was met. */
export interface Introduction {
  readonly peer: Peer;
  /** Revisions it names, or the one it chose. */
  readonly supported: readonly string[];
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions?: string;
  readonly serverInfo?: Readonly<Record<string, unknown>>;
}
