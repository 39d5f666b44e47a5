import { placeOf } from '../place.ts';
import { cut } from '../visible.ts';
import { type Finding, type Kind, maxEvidence, type View } from './finding.ts';

/** How `pin` ends the reason of a schema with a reference that a validator would fetch (SS-17). */
const remote = 'that points outside';

/** The definitions that were left out of the snapshot for the reasons that `matches` takes. */
const leftOut = (
  { refused_tools, refused_offers }: View,
  matches: (reason: string) => boolean,
  said: Pick<Finding, 'severity' | 'explanation'>,
): readonly Omit<Finding, 'kind'>[] =>
  [...refused_tools.map((tool) => ({ kind: 'tool', ...tool })), ...refused_offers]
    .filter(({ reason }) => matches(reason))
    .map(({ kind, name, reason }) => ({
      ...said,
      where: placeOf(`${kind.replace('_', ' ')} ${name}`),
      evidence: cut(reason, maxEvidence),
    }));

/** Schemas with a `$ref` to another document. */
export const remoteReference: Kind = {
  name: 'remote_reference',
  find: (view) =>
    leftOut(view, (reason) => reason.endsWith(remote), {
      severity: 'medium',
      explanation: 'Its schema points to another document, which could change after the approval; it is left out.',
    }),
};

/** Definitions that the gateway does not serve for another reason. */
export const refused: Kind = {
  name: 'refused_definition',
  find: (view) =>
    leftOut(view, (reason) => !reason.endsWith(remote), {
      severity: 'low',
      explanation: 'It is malformed or over a limit, and is left out.',
    }),
};
