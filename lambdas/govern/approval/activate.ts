import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { messageOf } from '../../domain/refusal.ts';
import type { Change } from '../../ports/table.ts';
import { refusalOf } from '../record-find.ts';
import { created, replaced } from '../record-write.ts';
import { ownerChange } from '../servers/find.ts';
import { placeChanges } from '../servers/place.ts';
import { settled } from '../servers/state.ts';
import { uncounted } from './reserve.ts';
import type { Step } from './step.ts';
import { movedOn, rewrite } from './write.ts';

/**
 * Makes an approved server active with exactly what was approved: submission, server, audit row and the server's place
 * are one commit. A review of a server that is no longer what was looked at brings nothing. `false`: something is missing,
 * and the submission says what; the next try may find it.
 */
export async function activate(acting: Step, submission: SubmissionRecord): Promise<boolean> {
  const change = await (submission.kind === 'server' ? newServer(acting, submission) : reviewed(acting, submission));
  if (!change) {
    const status_reason = 'The server was changed or deleted after the review.';
    await rewrite(acting, 'submission.withdraw', submission, { status: 'withdrawn', status_reason });
    return true;
  }
  const fields = { activated_at: new Date(acting.now).toISOString(), status_reason: null };
  const { met } = await rewrite(acting, 'submission.activate', submission, fields, [
    ...change,
    ...uncounted(submission),
  ]);
  if (!met || movedOn(met)) return true;
  // The server moved on between the reading and the commit: the next try reads it again.
  if (met.change.do === 'replace') return true;
  return excuse(acting, submission, messageOf(refusalOf(met).refusal));
}

async function newServer(acting: Step, { server }: SubmissionRecord): Promise<readonly Change[]> {
  const record = settled(created<ServerRecord>(server, acting.now), false);
  const places = await placeChanges(acting, record.org_id, undefined, record);
  return [{ do: 'create', kind: 'server', record }, ...ownerChange(record), ...places];
}

/** The server that was reviewed with its new definitions; undefined where it is no longer what was looked at. */
async function reviewed(acting: Step, { id, server }: SubmissionRecord): Promise<readonly Change[] | undefined> {
  const current = await acting.records.get('server', server.org_id, server.id);
  if (current?.review_id !== id || whereOf(current) !== whereOf(server)) return undefined;
  const { snapshot_hash, protocol_version, tools, refused_tools, refused_offers, offers, allowed_tools, cost } = server;
  const approved = { snapshot_hash, protocol_version, tools, refused_tools, refused_offers, offers };
  const cleared = { quarantined: null, status_reason: null };
  const fields = { ...approved, allowed_tools, cost, ...cleared };
  const record = settled(replaced(current, fields, acting.now), current.status === 'disabled');
  const places = await placeChanges(acting, record.org_id, current, record);
  return [{ do: 'replace', kind: 'server', record, was: current.version }, ...places];
}

const whereOf = ({ url, auth_type, auth }: ServerRecord): string => JSON.stringify([url, auth_type, auth]);

/** Says what is missing; says it once. */
async function excuse(acting: Step, submission: SubmissionRecord, status_reason: string): Promise<false> {
  if (submission.status_reason !== status_reason)
    await rewrite(acting, 'submission.wait', submission, { status_reason });
  return false;
}
