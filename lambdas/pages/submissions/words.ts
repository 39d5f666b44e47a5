import { shown } from './text.ts';
import { h, type Tree } from './tree.ts';
import type { Detail, Me, Row } from './wire.ts';

type Severity = Detail['findings'][number]['severity'];

/** Statuses in the order of the filter, in words. */
export const statuses: Readonly<Record<Row['status'], string>> = {
  pending_review: 'Pending review',
  changes_requested: 'Changes requested',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  expired: 'Expired',
};

/** Severities, the gravest first. */
export const severities: readonly Severity[] = ['high', 'medium', 'low', 'info'];

/** The status as a badge; its word says what its colour says. */
export const badge = (status: Row['status']): Tree => h('span', { class: `badge ${status}` }, statuses[status]);

/** How many findings there are of each severity: `2 high, 1 low`. */
export const tally = (risk: Row['risk'] = {}): string =>
  severities
    .filter((severity) => risk[severity])
    .map((severity) => `${risk[severity]} ${severity}`)
    .join(', ');

/** A person by user, or by key where there is none. */
export const person = ({ key_id, user_id }: Row['submitter']): string =>
  key_id === 'system' ? 'the gateway itself' : (user_id ?? `key ${key_id}`);

const clock = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** A point in time, the same for every reader. */
export const when = (iso: string): Tree => h('time', { datetime: iso }, `${clock.format(new Date(iso))} UTC`);

/** A text of somebody else, kept apart from the text around it. */
export const quoted = (text: string, tag = 'span'): Tree => h(tag, { class: 'foreign' }, shown(text));

/** Whether this key proposed it, as far as a page can tell: the gateway decides, by the person behind the key. */
export const isOwn = ({ submitter }: Row, { key_id, user_id }: Me): boolean =>
  submitter.key_id === key_id || (user_id !== undefined && submitter.user_id === user_id);

/** The tools that an approval would bring, by their own names. */
export const proposedTools = ({ server }: Row): readonly string[] =>
  server.tools.filter(
    (name) => (server.allowed_tools?.includes(name) ?? true) && !server.disallowed_tools?.includes(name),
  );
