import { changesView } from './changes.ts';
import { definitionsView } from './definitions.ts';
import { probe, proposal, settings, takesCredential } from './evidence.ts';
import { findingsView } from './findings.ts';
import { type FormActs, form, opener } from './forms.ts';
import { secretNames } from './ruling.ts';
import { type Branch, h, type Tree } from './tree.ts';
import type { Act, Detail, Me } from './wire.ts';
import { badge, isOwn, person, quoted, statuses, when } from './words.ts';

/** What can be done with a submission. */
export interface DetailActs extends FormActs {
  open(act: Act): void;
}

/** Why this person cannot decide; undefined where they can. */
function bar(detail: Detail, me: Me): string | undefined {
  if (detail.status !== 'pending_review') return undefined;
  if (me.role === 'member') return 'You can read this submission. Only an admin decides about it.';
  if (isOwn(detail, me)) return 'You proposed this server: somebody else has to decide about it.';
  return undefined;
}

const verdict = ({ decision }: Detail): Tree | undefined =>
  decision &&
  h(
    'div',
    { class: 'notice' },
    h('p', {}, `${statuses[decision.verdict]} by `, quoted(person(decision.by)), ', ', when(decision.at), '.'),
    decision.note === undefined ? undefined : quoted(decision.note, 'blockquote'),
    decision.narrow?.tools !== undefined && h('p', {}, 'Only these tools: ', quoted(decision.narrow.tools.join(', '))),
    decision.narrow?.access_groups !== undefined &&
      h('p', {}, 'In these access groups: ', quoted(decision.narrow.access_groups.join(', ') || 'none')),
    decision.narrow?.cost !== undefined &&
      h('p', {}, `At $${decision.narrow.cost.default_usd} a call, unless a tool has its own price.`),
  );

/** The acts that this person can do now; nothing where there are none. */
function decision(detail: Detail, acts: DetailActs): Tree {
  const wanting = takesCredential(detail.server.auth_type) || secretNames(detail).length > 0;
  const credential = wanting && detail.kind === 'server' ? (['credentials'] as const) : [];
  const offered: readonly Act[] = ['approve', 'request-changes', 'reject', ...credential];
  const blocked = detail.snapshot_hash === undefined;
  return h(
    'section',
    { class: 'decision', 'aria-label': 'Decision' },
    blocked && h('p', {}, 'No definitions could be read yet, so there is nothing to approve.'),
    h(
      'p',
      { class: 'buttons' },
      offered.map((act) => opener(act, acts.open, act === 'approve' && blocked)),
    ),
    offered.map((act) => form(act, detail, acts)),
  );
}

/** A submission with its evidence; `notice` is what just happened to it. */
export function detailView(detail: Detail, me: Me, acts: DetailActs, notice?: string): Branch {
  const barred = bar(detail, me);
  const { server, kind, status, status_reason, revision, snapshot_hash, activated_at } = detail;
  return h(
    'div',
    {},
    h('a', { class: 'back', href: '#/' }, '← All submissions'),
    h('div', { class: 'line' }, h('h2', { tabindex: '-1' }, quoted(server.alias)), badge(status)),
    h(
      'p',
      { class: 'soft' },
      kind === 'review' ? 'A server whose definitions changed' : 'A new server',
      `, revision ${revision}`,
      snapshot_hash !== undefined &&
        h('span', {}, ', snapshot ', h('code', { title: snapshot_hash }, snapshot_hash.slice(0, 12))),
    ),
    notice !== undefined && h('p', { class: 'notice', role: 'alert' }, notice),
    barred !== undefined && h('p', { class: 'notice' }, barred),
    status_reason !== undefined && h('p', { class: 'notice' }, quoted(status_reason)),
    verdict(detail),
    activated_at !== undefined && h('p', { class: 'soft' }, 'Served since ', when(activated_at), '.'),
    proposal(detail),
    findingsView(detail),
    changesView(detail),
    h('div', { class: 'sides' }, settings(detail), probe(detail)),
    definitionsView(detail),
    status === 'pending_review' && barred === undefined && decision(detail, acts),
  );
}
