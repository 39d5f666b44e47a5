import { canonical } from '../canonical.ts';
import type { Snapshot } from '../definition.ts';
import type { ServerRecord } from '../records.ts';

/** The server's own settings that an approval stands on. */
export type Identified = Pick<ServerRecord, 'url' | 'auth_type' | 'auth'>;

/**
 * The text whose SHA-256 is a snapshot's hash: everything a model may come to read (definitions, instructions), and where
 * and how it is reached. `server_info` is not in it: a new version number alone is no drift. What a server does not offer
 * is absent, so a server of tools alone has the hash it always had.
 */
export function identityOf({ server_info: _, ...shown }: Snapshot, { url, auth_type, auth }: Identified): string {
  return canonical({ ...shown, url, transport: 'streamable-http', auth_type, auth });
}

/** The hash a snapshot is stored and approved under; `sha256` gives the hex digest of a text's UTF-8. */
export const hashOf = (snapshot: Snapshot, server: Identified, sha256: (text: string) => string): string =>
  sha256(identityOf(snapshot, server));
