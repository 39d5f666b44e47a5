import type { ProbeReport } from '../../../../contract/probe.ts';
import type { Pinned } from '../../snapshot/pin.ts';
import type { Text } from './texts.ts';

/** How much a finding asks of the reviewer. */
export type Severity = 'high' | 'medium' | 'low' | 'info';

/** Something a reviewer should look at; its texts are visible and cut, and safe to show as text. */
export interface Finding {
  readonly kind: string;
  readonly severity: Severity;
  /** The thing and a JSON pointer into it, as in `tool search: description`. */
  readonly where: string;
  /** What was found, at most 300 characters. */
  readonly evidence: string;
  /** One sentence: why it matters. */
  readonly explanation: string;
}

/** A server of the org, with the names of its pinned tools. */
export interface Neighbour {
  readonly alias: string;
  readonly url: string;
  readonly tools: readonly string[];
}

/** What is reported on: a proposed server, what was pinned of it, and the org's servers. */
export interface Subject extends Pick<Pinned, 'snapshot' | 'refused_tools' | 'refused_offers'> {
  readonly alias: string;
  readonly url: string;
  /** What the probe saw without a credential; absent where it was not asked. */
  readonly probe?: Pick<ProbeReport, 'auth'>;
  /** A server of the same alias is the subject as it was approved before. */
  readonly servers: readonly Neighbour[];
}

/** A subject with what several kinds read of it. */
export interface View extends Subject {
  readonly texts: readonly Text[];
  /** The org's servers without the subject itself. */
  readonly others: readonly Neighbour[];
}

/** A kind of finding. To add one: a file with a `Kind`, its place in index.ts. */
export interface Kind {
  readonly name: string;
  find(view: View): readonly Omit<Finding, 'kind'>[];
}

/** Characters of evidence: enough to see what stands around a match. */
export const maxEvidence = 300;
