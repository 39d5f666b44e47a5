import { expect, test } from '@jest/globals';
import type { AuthType } from '../../../contract/auth.ts';
import * as credentials from '../../../lambdas/domain/credentials/index.ts';

const { checkCredentials, checkHeaders } = credentials;
type Equip = Parameters<typeof credentials.equip>;
const equip = (server: Equip[0], credential: Equip[1], headers: Readonly<Record<string, string | undefined>>) =>
  credentials.equip(server, credential, (name) => headers[name]);

const server = (auth_type: AuthType, more: Partial<Parameters<typeof equip>[0]> = {}) => ({
  alias: 'github',
  url: 'https://api.example/mcp',
  auth_type,
  auth: {},
  static_headers: {},
  extra_headers: [],
  allow_caller_credentials: false,
  ...more,
});
const stored = (more: Record<string, unknown> = {}) => ({ origin: 'https://api.example', ...more });
const failed = { ok: false, refusal: { code: 'upstream_auth_failed' } };

test('none sends nothing', () => {
  expect(equip(server('none'), undefined, { authorization: 'Bearer xct_key', cookie: 'a=b' })).toEqual({
    ok: true,
    value: { headers: {}, secrets: [] },
  });
});

test('api_key puts its secret into a header and a template of the server', () => {
  const credential = stored({ secret: "s3$&$'cret" });
  expect(equip(server('api_key'), credential, {})).toEqual({
    ok: true,
    value: { headers: { 'x-api-key': "s3$&$'cret" }, secrets: ["s3$&$'cret"] },
  });
  const auth = { header: 'Authorization', template: 'Token token={secret}' };
  expect(equip(server('api_key', { auth }), credential, {})).toMatchObject({
    value: { headers: { authorization: "Token token=s3$&$'cret" } },
  });
});

test('bearer_token and basic set Authorization (RFC 6750, RFC 7617 §2.1)', () => {
  expect(equip(server('bearer_token'), stored({ secret: 'tok' }), {})).toEqual({
    ok: true,
    value: { headers: { authorization: 'Bearer tok' }, secrets: ['tok'] },
  });
  expect(equip(server('basic'), stored({ username: 'test', password: '123£' }), {})).toEqual({
    ok: true,
    value: { headers: { authorization: 'Basic dGVzdDoxMjPCow==' }, secrets: ['123£', 'dGVzdDoxMjPCow=='] },
  });
  expect(equip(server('basic'), stored({ username: 'key', password: '' }), {})).toMatchObject({
    value: { headers: { authorization: 'Basic a2V5Og==' }, secrets: ['a2V5Og=='] },
  });
});

test('a mode without what it needs sends nothing and says what to do', () => {
  expect(equip(server('bearer_token'), undefined, {})).toEqual({
    ok: false,
    refusal: { code: 'upstream_auth_failed', message: 'Server github has no credential: an admin sets its secret.' },
  });
  expect(equip(server('api_key'), stored({ username: 'u' }), {})).toMatchObject(failed);
  expect(equip(server('basic'), stored({ username: 'u' }), {})).toMatchObject(failed);
  expect(equip(server('basic'), stored({ password: 'p' }), {})).toMatchObject(failed);
});

test.each(['oauth2', 'oauth2_token_exchange', 'delegate_auth_to_upstream'] as const)(
  '%s equips nothing yet',
  (mode) => {
    expect(equip(server(mode, { allow_caller_credentials: true }), stored({ secret: 's' }), {})).toMatchObject(failed);
  },
);

test.each(['http://api.example/mcp', 'https://api.example:8443/mcp', 'https://evil.example/mcp'])(
  'a credential goes to its own origin only, not to %s',
  (url) => {
    for (const mode of ['none', 'bearer_token'] as const) {
      expect(equip(server(mode, { url }), stored({ secret: 's' }), {})).toMatchObject(failed);
    }
  },
);

test('static headers are filled with named secrets, and lie over what the caller sends', () => {
  const settings = {
    static_headers: { 'X-Team': 'a', 'X-Token': 'k={secrets.K}' },
    extra_headers: ['X-Team', 'X-Trace', 'X-Absent'],
  };
  expect(
    equip(server('none', settings), stored({ secrets: { K: '$1' } }), { 'x-team': 'b', 'x-trace': 't', other: 'o' }),
  ).toEqual({
    ok: true,
    value: { headers: { 'x-team': 'a', 'x-trace': 't', 'x-token': 'k=$1' }, secrets: ['$1'] },
  });
  for (const credential of [undefined, stored(), stored({ secrets: { constructor2: 'x' } })]) {
    const naming = { static_headers: { 'X-Token': '{secrets.constructor}' } };
    expect(equip(server('none', naming), credential, {})).toMatchObject(failed);
  }
});

test("nothing lies over the mode's header", () => {
  const settings = { static_headers: { Authorization: 'static' }, extra_headers: ['authorization'] };
  expect(equip(server('bearer_token', settings), stored({ secret: 's' }), { authorization: 'caller' })).toMatchObject({
    value: { headers: { authorization: 'Bearer s' } },
  });
});

test('a forwarded value that could break a line is refused', () => {
  for (const value of ['a\r\nb: c', 'é', '']) {
    expect(equip(server('none', { extra_headers: ['X-Trace'] }), undefined, { 'x-trace': value })).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request', param: 'x-trace' },
    });
  }
});

test("a caller's own credential takes the place of the stored one where the server allows it", () => {
  const own = { 'x-mcp-github-authorization': 'Bearer mine', 'x-mcp-linear-authorization': 'Bearer other' };
  const allowed = { allow_caller_credentials: true };
  const mine = { ok: true, value: { headers: { authorization: 'Bearer mine' }, secrets: ['Bearer mine', 'mine'] } };
  expect(equip(server('bearer_token', allowed), stored({ secret: 'shared' }), own)).toEqual(mine);
  expect(equip(server('bearer_token', allowed), undefined, own)).toEqual(mine);
  expect(equip(server('none', allowed), undefined, own)).toEqual(mine);
  expect(equip(server('api_key', allowed), undefined, { 'x-mcp-github-authorization': 'k' })).toMatchObject({
    value: { headers: { 'x-api-key': 'k' } },
  });
  expect(equip(server('bearer_token', allowed), stored({ secret: 'shared' }), {})).toMatchObject({
    value: { headers: { authorization: 'Bearer shared' } },
  });
});

test("a caller's own credential is refused where it is not allowed or could break a line", () => {
  const own = { 'x-mcp-github-authorization': 'Bearer mine' };
  const refusal = { code: 'invalid_request', param: 'x-mcp-github-authorization' };
  expect(equip(server('bearer_token'), stored({ secret: 's' }), own)).toMatchObject({ ok: false, refusal });
  const broken = { 'x-mcp-github-authorization': 'a\nb' };
  expect(equip(server('none', { allow_caller_credentials: true }), undefined, broken)).toMatchObject({
    ok: false,
    refusal,
  });
});

const never = [
  'Host',
  'connection',
  'Transfer-Encoding',
  'TE',
  'Upgrade',
  'cookie',
  'Forwarded',
  'X-Forwarded-For',
  'mcp-session-id',
  'MCP-Protocol-Version',
  'content-length',
  'Content-Type',
  'accept',
  'x-xct-principal',
  'x-litellm-api-key',
  'X-Amz-Date',
  'x-amzn-trace-id',
  'Proxy-Authorization',
];

test.each(never)("AU-18 %s is nobody's to set or to forward", (name) => {
  expect(checkHeaders(server('none', { static_headers: { [name]: 'x' } }))).toMatchObject({
    code: 'invalid_request',
    param: `static_headers.${name}`,
  });
  expect(checkHeaders(server('none', { extra_headers: [name] }))).toMatchObject({ param: `extra_headers.${name}` });
  expect(checkHeaders(server('api_key', { auth: { header: name } }))).toMatchObject({ param: 'auth.header' });
});

test('what proves a caller is never forwarded, but an upstream may have it as a static header', () => {
  for (const name of ['Authorization', 'x-mcp-linear-authorization', 'X-MCP-Toolsets']) {
    expect(checkHeaders(server('none', { extra_headers: [name] }))).toMatchObject({ param: `extra_headers.${name}` });
    expect(checkHeaders(server('none', { static_headers: { [name]: 'x' } }))).toBeUndefined();
  }
});

test("the mode's header, and one name in two spellings, are refused", () => {
  expect(checkHeaders(server('basic', { static_headers: { AUTHORIZATION: 'x' } }))).toMatchObject({
    param: 'static_headers.AUTHORIZATION',
  });
  expect(checkHeaders(server('api_key', { extra_headers: ['X-Api-Key'] }))).toMatchObject({
    param: 'extra_headers.X-Api-Key',
  });
  expect(checkHeaders(server('none', { static_headers: { 'X-A': '1', 'x-a': '2' } }))).toMatchObject({
    param: 'static_headers.x-a',
  });
  const good = {
    auth: { header: 'X-Goog-Api-Key' },
    static_headers: { 'X-A': '1' },
    extra_headers: ['X-Trace', 'accept-language'],
  };
  expect(checkHeaders(server('api_key', good))).toBeUndefined();
  expect(checkHeaders(server('oauth2', { static_headers: { 'X-A': '1' } }))).toBeUndefined();
});

test.each([
  ['none', {}, { secret: 's' }, 'credentials.secret'],
  ['api_key', {}, {}, 'credentials.secret'],
  ['bearer_token', {}, { username: 'u', secret: 's' }, 'credentials.username'],
  ['basic', {}, { username: 'u' }, 'credentials.password'],
  ['basic', {}, { username: 'u', password: 'p', secret: 's' }, 'credentials.secret'],
  ['oauth2', {}, { secret: 's' }, 'credentials.secret'],
  ['bearer_token', { header: 'x' }, undefined, 'auth.header'],
  ['api_key', { scopes: [] }, undefined, 'auth.scopes'],
  ['oauth2', { template: '{secret}' }, undefined, 'auth.template'],
] as const)('%s with auth %j and credentials %j is refused for %s', (mode, auth, credentials, param) => {
  expect(checkCredentials(mode, auth as never, credentials, {})).toMatchObject({ code: 'invalid_request', param });
});

test('each mode takes what it needs, named secrets beside it, and no credential at all', () => {
  const secrets = { K: 'x' };
  expect(checkCredentials('none', {}, { secrets }, { 'X-K': '{secrets.K}' })).toBeUndefined();
  expect(
    checkCredentials('api_key', { header: 'x', template: '{secret}' }, { secret: 's', secrets }, {}),
  ).toBeUndefined();
  expect(checkCredentials('basic', {}, { username: 'u', password: '' }, {})).toBeUndefined();
  expect(checkCredentials('bearer_token', {}, undefined, { 'X-A': 'plain' })).toBeUndefined();
  expect(checkCredentials('oauth2', { registration: 'discover', scopes: ['a'] }, undefined, {})).toBeUndefined();
});

test('a static header that names a secret nobody gave is refused by name', () => {
  for (const credentials of [undefined, { secrets: { OTHER: 'x' } }]) {
    expect(checkCredentials('none', {}, credentials, { 'X-A': 'a', 'X-K': '{secrets.K}' })).toMatchObject({
      param: 'static_headers.X-K',
    });
  }
});
