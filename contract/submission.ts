import * as z from 'zod';
import { AuthType, Credentials } from './auth.ts';
import { Cost } from './cost.ts';
import { Description, Id, ToolName } from './names.ts';
import { ProbeReport } from './probe.ts';
import { ServerCreate, ServerView, serverSettings } from './servers.ts';

/** Counts the edits of a submission from 1; every edit voids what was decided before. */
const Revision = z.number().int().positive();
/** SHA-256, hex, of all that a decision binds to. */
const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'a snapshot hash');
const asked = {
  /** Why the server is wanted. */
  reason: Description.min(1),
  /** Teams that would use it: told to the reviewer, who grants. */
  teams: z.array(Id).max(20).exactOptional(),
};

/** A proposed server. A credential is no part of it: the reviewing admin attaches one. */
export const Register = ServerCreate.omit({ credentials: true }).extend(asked);
export type Register = z.infer<typeof Register>;

/** An edit, based on a revision; the alias stays. */
export const SubmissionEdit = z.strictObject({
  revision: Revision,
  url: z.string().max(2048).exactOptional(),
  auth_type: AuthType.exactOptional(),
  ...serverSettings,
  reason: asked.reason.exactOptional(),
  teams: asked.teams,
});
export type SubmissionEdit = z.infer<typeof SubmissionEdit>;

/** Less than what was proposed: only these tools, in these access groups, at these prices. */
export const Narrowing = z.strictObject({
  tools: z.array(ToolName).min(1).max(256).exactOptional(),
  access_groups: z.array(z.string().max(20)).max(20).exactOptional(),
  cost: Cost.exactOptional(),
});
export type Narrowing = z.infer<typeof Narrowing>;

/** An approval of exactly what the reviewer saw. */
export const Approval = z.strictObject({
  revision: Revision,
  snapshot_hash: Hash,
  note: Description.exactOptional(),
  narrow: Narrowing.exactOptional(),
});
export type Approval = z.infer<typeof Approval>;

/** A rejection, or a request to change something, with what the proposer is told; no hash where nothing could be read. */
export const Refusal = z.strictObject({
  revision: Revision,
  snapshot_hash: Hash.exactOptional(),
  note: Description.min(1),
});
export type Refusal = z.infer<typeof Refusal>;

/** The shared credential of a proposed server; attaching it vouches for its origin. */
export const SubmissionCredentials = z.strictObject({ revision: Revision, credentials: Credentials });
export type SubmissionCredentials = z.infer<typeof SubmissionCredentials>;

/** `pending_review` until decided; an approved one is served once it has a place in the org's tier (`activated_at`). */
export const SubmissionStatus = z.enum([
  'pending_review',
  'approved',
  'rejected',
  'changes_requested',
  'withdrawn',
  'expired',
]);
export type SubmissionStatus = z.infer<typeof SubmissionStatus>;

/** What a write answers. */
export const SubmissionAnswer = z.object({
  submission_id: z.string(),
  status: SubmissionStatus,
  revision: Revision,
});
export type SubmissionAnswer = z.infer<typeof SubmissionAnswer>;

const Person = z.object({ key_id: z.string(), user_id: z.string().exactOptional() });

/** A submission in the list. */
export const SubmissionRow = z.object({
  id: z.string(),
  /** `server`: a new one. `review`: another look at a server there is. */
  kind: z.enum(['server', 'review']),
  status: SubmissionStatus,
  /** What stands in the way of an approval or of what it should bring, in words. */
  status_reason: z.string().exactOptional(),
  revision: Revision,
  /** What a decision has to name; absent while no definitions could be read. */
  snapshot_hash: z.string().exactOptional(),
  /** The server as it would be. */
  server: ServerView,
  reason: z.string().exactOptional(),
  teams: z.array(z.string()),
  /** `system` where the gateway itself found that definitions changed. */
  submitter: Person,
  /** Findings of the risk report by severity. */
  risk: z.record(z.string(), z.number()).exactOptional(),
  decision: z
    .object({
      verdict: z.enum(['approved', 'rejected', 'changes_requested']),
      at: z.string(),
      by: Person,
      note: z.string().exactOptional(),
      narrow: Narrowing.exactOptional(),
    })
    .exactOptional(),
  submitted_at: z.string(),
  /** When it expires undecided. */
  expires_at: z.string(),
  activated_at: z.string().exactOptional(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type SubmissionRow = z.infer<typeof SubmissionRow>;

const definition = z.record(z.string(), z.unknown());

/** A submission with all that a reviewer needs. */
export const SubmissionDetail = SubmissionRow.extend({
  /** What the probe saw without a credential. */
  probe: ProbeReport.exactOptional(),
  /** The risk report; texts are visible, cut, and to be shown as text. */
  findings: z.array(
    z.object({
      kind: z.string(),
      severity: z.enum(['high', 'medium', 'low', 'info']),
      where: z.string(),
      evidence: z.string(),
      explanation: z.string(),
    }),
  ),
  /** The definitions that the hash stands for, as the server gave them. */
  tools: z.array(definition),
  prompts: z.array(definition),
  resources: z.array(definition),
  resource_templates: z.array(definition),
  instructions: z.string().exactOptional(),
  /** Every change against what is approved now; absent for a new server. */
  diff: z
    .array(z.object({ where: z.string(), before: z.string().exactOptional(), after: z.string().exactOptional() }))
    .exactOptional(),
});
export type SubmissionDetail = z.infer<typeof SubmissionDetail>;
