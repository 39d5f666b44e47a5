import { json } from './text.ts';
import { h, type Tree } from './tree.ts';
import type { Detail } from './wire.ts';
import { person, quoted, when } from './words.ts';

/** A row of facts; an absent value is no row. */
const fact = (name: string, ...value: readonly (Tree | undefined)[]): readonly Tree[] =>
  value.every((part) => part === undefined) ? [] : [h('div', {}, h('dt', {}, name), h('dd', {}, value))];

const words = (list: readonly string[] | undefined): Tree | undefined =>
  list === undefined || list.length === 0 ? undefined : quoted(list.join(', '));
const text = (value: string | undefined): Tree | undefined => (value === undefined ? undefined : quoted(value));
const code = (value: object | undefined): Tree | undefined =>
  value === undefined || Object.keys(value).length === 0 ? undefined : quoted(json(value), 'code');

/** Who wants it and why. */
export const proposal = ({ submitter, submitted_at, expires_at, reason, teams, status, server }: Detail): Tree =>
  h(
    'section',
    { 'aria-labelledby': 'why' },
    h('h3', { id: 'why' }, 'Why'),
    reason === undefined ? undefined : quoted(reason, 'blockquote'),
    h(
      'dl',
      {},
      fact('Proposed by', text(person(submitter))),
      fact('At', when(submitted_at)),
      ...(status === 'pending_review' ? [fact('Expires', when(expires_at))] : []),
      fact('For teams', words(teams)),
      fact('Name', text(server.name)),
      fact('Description', text(server.description)),
    ),
  );

/** How the server would be reached: what an approval binds to beside the definitions. */
export const settings = ({ server }: Detail): Tree =>
  h(
    'section',
    { 'aria-labelledby': 'settings' },
    h('h3', { id: 'settings' }, 'How it would be called'),
    h(
      'dl',
      {},
      fact('URL', text(server.url)),
      fact('Authentication', text(server.auth_type), code(server.auth)),
      fact('Credential', credential(server)),
      fact('Static headers', code(server.static_headers)),
      fact('Headers handed on', words(server.extra_headers)),
      fact('Callers may bring their own credential', server.allow_caller_credentials ? 'yes' : undefined),
      fact('Access groups', words(server.access_groups)),
      fact('Prices', code(server.cost)),
      fact('Calls a minute', server.rpm === undefined ? undefined : String(server.rpm)),
      fact('Time-out', server.timeout_ms === undefined ? undefined : `${server.timeout_ms} ms`),
      fact('Owner', text(server.owner_team_id)),
      fact('Held back until approved', words(server.quarantined)),
    ),
  );

/** Whether a credential is there, in words. */
export function credential({ auth_type, has_credential }: Detail['server']): string {
  if (has_credential) return 'attached; it is never shown';
  if (auth_type === 'none') return 'none needed';
  return takesCredential(auth_type) ? 'none yet' : 'each caller signs in there';
}

/** Whether an admin can attach a shared credential. */
export const takesCredential = (mode: Detail['server']['auth_type']): boolean =>
  mode === 'api_key' || mode === 'bearer_token' || mode === 'basic';

/** What the probe saw at the URL as a stranger. */
export function probe({ probe: seen }: Detail): Tree {
  const { auth } = seen ?? {};
  return h(
    'section',
    { 'aria-labelledby': 'probe' },
    h('h3', { id: 'probe' }, 'What the probe saw'),
    h('p', { class: 'soft' }, 'A look without any credential.'),
    seen === undefined
      ? h('p', {}, 'Nothing yet.')
      : h(
          'dl',
          {},
          fact('Reachable', seen.reachable ? `yes, in ${seen.latency_ms} ms` : 'no'),
          fact('Problem', text(seen.reason)),
          fact('Transport', text(seen.transport)),
          fact('MCP revisions', words(seen.protocol_versions)),
          fact('Asks for sign-in', auth?.required ? 'yes' : 'no'),
          fact('Challenge', text(auth?.challenge)),
          fact('Resource metadata', text(auth?.resource_metadata)),
          fact('Authorization servers', words(auth?.authorization_servers)),
          fact('Clients become known by', words(auth?.registration?.map((way) => way.replaceAll('_', ' ')))),
        ),
  );
}
