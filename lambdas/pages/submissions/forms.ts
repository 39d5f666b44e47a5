import { ownPrice, secretNames } from './ruling.ts';
import { type Branch, type Happened, h, type Tree } from './tree.ts';
import type { Act, Detail } from './wire.ts';
import { proposedTools, quoted } from './words.ts';

/** What the forms call. */
export interface FormActs {
  send(act: Act, event: Happened): void;
  close(event: Happened): void;
  choose(event: Happened, on: boolean): void;
}

const titles: Readonly<Record<Act, string>> = {
  approve: 'Approve',
  'request-changes': 'Request changes',
  reject: 'Reject',
  credentials: 'Attach a credential',
};

const field = (label: string, attributes: Readonly<Record<string, unknown>>, hint?: string): Tree =>
  h('label', {}, label, h('input', attributes), hint !== undefined && h('span', { class: 'soft' }, hint));

const note = (label: string, required: boolean): Tree =>
  h('label', {}, label, h('textarea', { name: 'note', rows: '3', maxlength: '4096', required }));

/** What a decision binds to, said in the form that sends it. */
const binding = ({ server, revision, snapshot_hash }: Detail): Tree =>
  h(
    'p',
    { class: 'soft' },
    quoted(server.alias),
    `, revision ${revision}`,
    snapshot_hash === undefined
      ? ', no definitions'
      : h('span', {}, ', snapshot ', h('code', {}, snapshot_hash.slice(0, 12))),
  );

const tool = ({ server }: Detail, name: string): Tree =>
  h(
    'li',
    {},
    h(
      'label',
      { class: 'check' },
      h('input', { type: 'checkbox', name: 'tool', value: name, checked: true }),
      quoted(name),
    ),
    h('input', {
      ...price,
      name: `price.${name}`,
      value: ownPrice(server.cost ?? {}, name),
      placeholder: 'default',
      'aria-label': `Price of ${name} in US dollars`,
    }),
  );

const price = { type: 'number', min: '0', max: '1000000', step: '0.000001', inputmode: 'decimal' };

function narrowing(detail: Detail, acts: FormActs): readonly (Tree | false)[] {
  const tools = proposedTools(detail);
  const all = (label: string, on: boolean) =>
    h('button', { type: 'button', on: { click: (event) => acts.choose(event, on) } }, label);
  return [
    tools.length > 0 &&
      h(
        'fieldset',
        {},
        h('legend', {}, 'Tools to allow, and their own prices in US dollars'),
        h('p', { class: 'line' }, all('All', true), all('None', false)),
        h(
          'ul',
          { class: 'tools' },
          tools.map((name) => tool(detail, name)),
        ),
      ),
    field('Price of a call in US dollars', {
      ...price,
      name: 'default_usd',
      required: true,
      value: detail.server.cost?.default_usd ?? 0,
    }),
    detail.kind === 'server' &&
      field(
        'Access groups',
        { name: 'groups', value: (detail.server.access_groups ?? []).join(', ') },
        'Separated by commas.',
      ),
  ];
}

/** The fields that the auth mode needs; browsers are asked not to keep them. */
function secrets(detail: Detail): readonly Tree[] {
  const secret = { type: 'password', autocomplete: 'new-password', required: true };
  const mode = detail.server.auth_type;
  return [
    h(
      'p',
      {},
      'Attaching it vouches for the server: the gateway sends it to ',
      quoted(detail.server.url ?? ''),
      ' and reads the definitions again.',
    ),
    ...(mode === 'basic'
      ? [
          field('User name', { name: 'username', autocomplete: 'off', required: true }),
          field('Password', { ...secret, name: 'password', required: false }),
        ]
      : mode === 'api_key' || mode === 'bearer_token'
        ? [field('Secret', { ...secret, name: 'secret' })]
        : []),
    ...secretNames(detail).flatMap((name) => [
      h('input', { type: 'hidden', name: 'secret-name', value: name }),
      field(`Secret ${name}`, { ...secret, name: `secrets.${name}` }),
    ]),
  ];
}

const bodies: Readonly<Record<Act, (detail: Detail, acts: FormActs) => readonly (Tree | false)[]>> = {
  approve: (detail, acts) => [...narrowing(detail, acts), note('Note to the proposer', false)],
  'request-changes': () => [note('What has to change; the proposer reads it', true)],
  reject: () => [note('Why; the proposer reads it', true)],
  credentials: secrets,
};

/** The dialog of an act, closed. */
export const form = (act: Act, detail: Detail, acts: FormActs): Branch =>
  h(
    'dialog',
    { id: act, 'aria-labelledby': `${act}-title` },
    h(
      'form',
      { autocomplete: 'off', on: { submit: (event) => acts.send(act, event) } },
      h('h3', { id: `${act}-title` }, titles[act]),
      binding(detail),
      h('fieldset', { class: 'bare' }, bodies[act](detail, acts), h('p', { role: 'alert', class: 'error' })),
      h(
        'p',
        { class: 'buttons' },
        h('button', { type: 'button', on: { click: acts.close } }, 'Cancel'),
        h('button', { class: `act ${act}` }, titles[act]),
      ),
    ),
  );

/** The button that opens the dialog of an act. */
export const opener = (act: Act, open: (act: Act) => void, disabled = false): Tree =>
  h('button', { type: 'button', class: `act ${act}`, disabled, on: { click: () => open(act) } }, titles[act]);
