import type { EventType, GatewayEvent } from '../../../contract/events.ts';
import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import type { Events } from '../../ports/approval.ts';

/** What telling somebody asks of the world. */
export interface Telling {
  readonly events: Pick<Events, 'keep' | 'tell'>;
}

/** Keeps a notice, then tells it. A crash in between has the step repeated: told at least once. */
export async function tell({ events }: Telling, event: GatewayEvent): Promise<void> {
  await events.keep(event);
  await events.tell(event);
}

/** The notice of what happened to a revision of a submission; the same one however often it is made. */
export const eventOf = (
  submission: SubmissionRecord,
  type: EventType,
  at: string,
  facts: Record<string, unknown> = {},
): GatewayEvent => {
  const { id, org_id, kind, revision, server, submitter } = submission;
  return {
    id: `evt_${id}-r${revision}-${type.replace('.', '-')}`,
    org_id,
    at,
    type,
    subject: { kind: 'submission', id, alias: server.alias },
    facts: {
      kind,
      revision,
      server_id: server.id,
      submitter: submitter.user_id ?? submitter.key_id,
      ...(server.snapshot_hash === undefined ? {} : { snapshot_hash: server.snapshot_hash }),
      ...facts,
    },
  };
};
