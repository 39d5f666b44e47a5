import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { auditOf } from '../acting.ts';
import { endReview } from '../approval/review.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf } from '../record-find.ts';
import type { ServerActing } from './acting.ts';
import { findServer, groupChanges } from './find.ts';
import { placeChanges } from './place.ts';
import { adminView } from './view.ts';

/**
 * Deletes a server, its names and then its credential; its snapshots stay, they are immutable. A crash before the last
 * step leaves a secret that no server refers to.
 */
export async function removeServer(
  acting: Pick<ServerActing, 'caller' | 'requestId' | 'now' | 'records' | 'tiers' | 'vault' | 'secrets'>,
  reference: string,
): Promise<Result<{ readonly id: string; readonly deleted: true }, Refusal>> {
  const found = await findServer(acting.records, acting.caller.org_id, reference);
  if (!found.ok) return found;
  const server = found.value;
  const { org_id, id, alias, version } = server;
  const review = await endReview(acting, server);
  const row = auditOf(
    acting,
    'server.delete',
    'server',
    id,
    adminView(server),
    null,
    `aud_${acting.secrets.random(12)}`,
  );
  const met = await commitPlaced(
    acting,
    [row, ...review.audit],
    [
      { do: 'remove', kind: 'server', org_id, id, was: version },
      { do: 'release_name', org_id, name: alias, holder: { kind: 'server', id } },
      ...groupChanges('release_name', server, server.access_groups),
      ...review.changes,
      ...(await placeChanges(acting, org_id, server, undefined)),
    ],
  );
  if (met) return refusalOf(met);
  if (server.has_credential) await acting.vault.remove(server);
  return ok({ id, deleted: true });
}
