import { changed, shown } from './text.ts';
import { h, type Tree } from './tree.ts';
import type { Detail } from './wire.ts';
import { quoted } from './words.ts';

type Change = NonNullable<Detail['diff']>[number];

const side = (name: string, text: readonly Tree[] | undefined): Tree =>
  h(
    'div',
    {},
    h('p', { class: 'soft' }, name),
    text === undefined ? h('p', { class: 'empty' }, 'absent') : h('pre', { class: 'foreign' }, text),
  );

function change({ where, before, after }: Change): Tree {
  const both =
    before !== undefined && after !== undefined
      ? changed(before, after)
      : {
          before: before === undefined ? undefined : [h('del', {}, shown(before))],
          after: after === undefined ? undefined : [h('ins', {}, shown(after))],
        };
  // The last row of a long list only says how many more there are.
  const sides =
    before === undefined && after === undefined
      ? []
      : [side('Approved now', both.before), side('Proposed', both.after)];
  return h('li', {}, quoted(where, 'code'), h('div', { class: 'sides' }, sides));
}

/** Every change against what is approved now, with both texts; nothing where nothing is approved yet. */
export const changesView = ({ diff }: Detail): Tree | undefined =>
  diff &&
  h(
    'section',
    { 'aria-labelledby': 'changes' },
    h('h3', { id: 'changes' }, 'Changes against what is approved now'),
    diff.length === 0
      ? h('p', {}, 'The definitions are those that are approved now.')
      : h('ul', { class: 'changes' }, diff.map(change)),
  );
