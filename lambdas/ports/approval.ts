import type { GatewayEvent } from '../../contract/events.ts';
import type { ProbeReport } from '../../contract/probe.ts';
import type { Finding } from '../domain/approval/risk/index.ts';
import type { Verdict } from '../domain/approval/submission.ts';
import type { Page } from './table.ts';

/** A revision of a submission: what an execution of the machine is about, and all that its input says. */
export interface Work {
  readonly org_id: string;
  readonly submission_id: string;
  readonly revision: number;
}

/** The approval machine (Step Functions). */
export interface Workflow {
  /** Starts the execution of a revision; one that runs already goes on. `false`: it ran and has ended. */
  start(work: Work): Promise<boolean>;
  /** Ends the wait of an execution. `false`: nobody waits for this token any more. */
  answer(token: string, verdict: Verdict): Promise<boolean>;
}

/** What reviewers are shown of a revision beside its definitions. */
export interface Evidence {
  readonly probe?: ProbeReport;
  readonly findings: readonly Finding[];
}

/** What belongs to a revision and is no part of its record. Reads are strongly consistent. */
export interface Reviews {
  evidence(work: Work): Promise<Evidence | undefined>;
  keepEvidence(work: Work, evidence: Evidence): Promise<void>;
  /** The task tokens of a submission by revision; kept sealed: whoever has one can answer the machine. */
  tokens(orgId: string, submissionId: string): Promise<readonly (Work & { readonly token: string })[]>;
  keepToken(work: Work, token: string): Promise<void>;
  forgetToken(work: Work): Promise<void>;
  /** Submissions that somebody still has to look at, of all orgs; a moment old. */
  unsettled(): AsyncIterable<Pick<Work, 'org_id' | 'submission_id'>>;
}

/** Notices: kept for `GET /v1/events`, and told to whoever listens on EventBridge. */
export interface Events {
  /** Idempotent by the event's id and time. */
  keep(event: GatewayEvent): Promise<void>;
  list(orgId: string, page: { limit: number; after?: string }): Promise<Page<GatewayEvent>>;
  tell(event: GatewayEvent): Promise<void>;
}
