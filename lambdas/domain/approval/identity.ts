import { canonical } from '../canonical.ts';
import type { Identified } from '../snapshot/identity.ts';

/**
 * The text whose digest an approval binds to: a snapshot by its hash, and where and how the server is reached. It has no
 * `tools`, so it is never the text that a snapshot is hashed from.
 */
export const approvalIdentity = ({ url, auth_type, auth }: Identified, snapshotHash: string): string =>
  canonical({ url, transport: 'streamable-http', auth_type, auth, snapshot_hash: snapshotHash });
