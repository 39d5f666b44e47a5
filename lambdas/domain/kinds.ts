import type { SubmissionRecord } from './approval/submission.ts';
import type {
  AgentRecord,
  KeyRecord,
  OrgRecord,
  ServerRecord,
  TeamRecord,
  ToolsetRecord,
  UserRecord,
} from './records.ts';

/** The kinds of record that admins change, each with its shape. */
export interface RecordByKind {
  readonly org: OrgRecord;
  readonly team: TeamRecord;
  readonly user: UserRecord;
  readonly agent: AgentRecord;
  readonly key: KeyRecord;
  readonly server: ServerRecord;
  readonly toolset: ToolsetRecord;
  readonly submission: SubmissionRecord;
}
/** The name of a kind of record. */
export type Kind = keyof RecordByKind;
