import { annotations } from './annotations.ts';
import type { Finding, Kind, Severity, Subject, View } from './finding.ts';
import { foreignTool } from './foreign-tool.ts';
import { instructions } from './instructions.ts';
import { invisible } from './invisible.ts';
import { refused, remoteReference } from './left-out.ts';
import { longText } from './long-text.ts';
import { lookAlike } from './look-alike.ts';
import { origin } from './origin.ts';
import { power } from './power.ts';
import { registration } from './registration.ts';
import { size } from './size.ts';
import { textsOf } from './texts.ts';

export type { Finding, Subject } from './finding.ts';

/** The kinds in the order in which a report names them. */
const kinds: readonly Kind[] = [
  instructions,
  invisible,
  foreignTool,
  lookAlike,
  power,
  annotations,
  origin,
  registration,
  remoteReference,
  refused,
  longText,
  size,
];

const severities: readonly Severity[] = ['high', 'medium', 'low', 'info'];
const bySeverity = (a: Pick<Finding, 'severity'>, b: Pick<Finding, 'severity'>): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity);

/** Findings of one kind: no server can bury the others, nor make the report too long to store. */
const maxOfKind = 30;

/** What a kind finds, the gravest first; past the limit the last finding says how many more there are. */
function found({ name, find }: Kind, view: View): readonly Finding[] {
  const all = find(view)
    .toSorted(bySeverity)
    .map((finding) => ({ kind: name, ...finding }));
  const [next] = all.slice(maxOfKind);
  if (next === undefined) return all;
  const rest = { where: 'server', evidence: '', explanation: `There are ${all.length - maxOfKind} more of this kind.` };
  return [...all.slice(0, maxOfKind), { ...next, ...rest }];
}

/**
 * What a reviewer of a server should look at, the gravest first. The same subject gives the same report, whatever the
 * order of keys was; no finding is not a proof of anything.
 */
export function riskReport(subject: Subject): readonly Finding[] {
  const others = subject.servers.filter(({ alias }) => alias !== subject.alias);
  const view = { ...subject, texts: textsOf(subject.snapshot), others };
  return kinds.flatMap((kind) => found(kind, view)).toSorted(bySeverity);
}
