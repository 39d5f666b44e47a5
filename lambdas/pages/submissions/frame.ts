import { type Branch, type Happened, h, type Tree } from './tree.ts';
import type { Failure, Me } from './wire.ts';
import { quoted } from './words.ts';

/** The page before somebody signed in; `problem` says why it is shown again. */
export const signIn = (submit: (event: Happened) => void, problem?: string): Branch =>
  h(
    'form',
    { class: 'signin', autocomplete: 'off', on: { submit } },
    h('h2', {}, 'Sign in'),
    h('p', {}, 'Paste a gateway key. It stays in this tab until you close it or sign out.'),
    problem !== undefined && h('p', { class: 'error', role: 'alert' }, problem),
    h(
      'label',
      {},
      'Gateway key',
      h('input', {
        name: 'key',
        type: 'password',
        autocomplete: 'off',
        spellcheck: 'false',
        required: true,
        autofocus: true,
        placeholder: 'xct_…',
      }),
    ),
    h('button', { class: 'act approve' }, 'Sign in'),
  );

/** The frame around queue and detail. */
export const frame = (): Branch =>
  h(
    'div',
    { class: 'columns' },
    h('nav', { id: 'queue', 'aria-label': 'Submissions', tabindex: '-1' }),
    h('article', { id: 'detail' }),
  );

/** Who is signed in, and the way out. */
export const who = ({ key_id, user_id, role }: Me, out: () => void, reload: () => void): readonly Tree[] => [
  h('span', {}, quoted(user_id ?? key_id), ` · ${role}`),
  h('button', { type: 'button', on: { click: reload } }, 'Reload'),
  h('button', { type: 'button', on: { click: out } }, 'Sign out'),
];

/** Something that did not work, with what finds its cause in the logs. */
export const failureText = ({ message, request_id }: Failure): string =>
  request_id === undefined ? message : `${message} (request ${request_id})`;

/** Something that could not be shown, and another try. */
export const failureView = (failure: Failure, again: () => void): Branch =>
  h(
    'div',
    { class: 'notice error', role: 'alert' },
    h('p', {}, failureText(failure)),
    h('button', { type: 'button', on: { click: again } }, 'Try again'),
  );

/** What stands in a place until it is filled. */
export const loading = (): Tree => h('p', { class: 'empty', 'aria-busy': 'true' }, 'Loading…');

/** What stands beside the queue while nothing is chosen. */
export const nothingChosen = (): Tree => h('p', { class: 'empty' }, 'Choose a submission to see its evidence.');
