import { h, type Tree } from './tree.ts';
import type { Queue, Row } from './wire.ts';
import { badge, person, quoted, statuses, tally, when } from './words.ts';

/** A status to filter by; undefined is all of them. */
export type Filter = Row['status'] | undefined;

/** What can be done in the queue. */
interface Acts {
  filter(filter: Filter): unknown;
  more(cursor: string): unknown;
}

const filterButton = (name: string, count: number, pressed: boolean, act: () => unknown): Tree =>
  h(
    'button',
    { type: 'button', 'aria-pressed': String(pressed), on: { click: act } },
    name,
    h('span', { class: 'count' }, String(count)),
  );

/** The filter with counts; a status that nothing has is left out, unless it is the chosen one. */
export function filters({ counts }: Queue, chosen: Filter, acts: Acts): Tree {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const used = (Object.keys(statuses) as Row['status'][]).filter((status) => counts[status] || status === chosen);
  return h(
    'div',
    { class: 'filters', role: 'group', 'aria-label': 'Show' },
    used.map((status) =>
      filterButton(statuses[status], counts[status] ?? 0, status === chosen, () => acts.filter(status)),
    ),
    filterButton('All', all, chosen === undefined, () => acts.filter(undefined)),
  );
}

const row = (submission: Row, selected: string): Tree =>
  h(
    'li',
    {},
    h(
      'a',
      { href: `#/${encodeURIComponent(submission.id)}`, 'aria-current': submission.id === selected && 'true' },
      h('span', { class: 'line' }, h('strong', {}, quoted(submission.server.alias)), badge(submission.status)),
      h(
        'span',
        { class: 'soft' },
        submission.kind === 'review' ? 'Changed definitions, found by ' : 'New server, proposed by ',
        quoted(person(submission.submitter)),
      ),
      h('span', { class: 'soft' }, when(submission.submitted_at)),
      tally(submission.risk) === '' ? undefined : h('span', { class: 'tally' }, `Findings: ${tally(submission.risk)}`),
    ),
  );

/** The queue, newest first. */
export function queueView(queue: Queue, chosen: Filter, selected: string, acts: Acts): Tree {
  const { data, next_cursor } = queue;
  const nothing = chosen === 'pending_review' ? 'Nothing waits for a decision.' : 'There is nothing here.';
  return h(
    'div',
    {},
    filters(queue, chosen, acts),
    data.length === 0
      ? h('p', { class: 'empty' }, nothing)
      : h(
          'ol',
          { class: 'rows' },
          data.map((submission) => row(submission, selected)),
        ),
    next_cursor !== undefined &&
      h('button', { type: 'button', on: { click: () => acts.more(next_cursor) } }, 'Show older ones'),
  );
}
