import { modernRevisions } from '../../domain/protocol/envelope.ts';
import { legacyRevisions } from '../../domain/protocol/revision.ts';

/** The revision spoken to stateless servers. */
export const modernRevision = modernRevisions[0];
/** The revisions a server may choose at initialize: ours, and 2024-11-05, which is met on Streamable HTTP too. */
export const chosenRevisions: readonly unknown[] = [...legacyRevisions, '2024-11-05'];
