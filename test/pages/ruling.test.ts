import { expect, test } from '@jest/globals';
import { Approval, Refusal, SubmissionCredentials } from '../../contract/submission.ts';
import { outcomeOf } from '../../lambdas/pages/submissions/outcome.ts';
import { bodyOf, type Fields } from '../../lambdas/pages/submissions/ruling.ts';
import { json } from '../../lambdas/pages/submissions/text.ts';
import { connect, type Detail } from '../../lambdas/pages/submissions/wire.ts';
import { submission } from '../support/page-submission.ts';

/** A form by its values; the untouched approval form unless told. */
const form = (given: Readonly<Record<string, string | readonly string[]>> = {}): Fields => {
  const values: Readonly<Record<string, string | readonly string[]>> = {
    tool: ['search_issues', 'close_issue', 'delete_project'],
    'price.close_issue': '0.02',
    default_usd: '0.01',
    groups: 'engineering',
    ...given,
  };
  return { one: (name) => String(values[name] ?? ''), all: (name) => [values[name] ?? []].flat() };
};
const { snapshot_hash } = submission();
const approve = (given: Parameters<typeof form>[0], detail: Partial<Detail> = {}) =>
  Approval.parse(bodyOf.approve(submission(detail), form(given)));

test('an untouched approval names the revision and the snapshot that are shown, and narrows nothing', () => {
  expect(approve({})).toEqual({ revision: 2, snapshot_hash });
});

test('an approval names what was narrowed, and only that', () => {
  expect(approve({ tool: ['search_issues'], note: ' Reading only. ' })).toEqual({
    revision: 2,
    snapshot_hash,
    note: 'Reading only.',
    narrow: { tools: ['search_issues'] },
  });
  expect(approve({ groups: 'web, web engineering' }).narrow).toEqual({ access_groups: ['web', 'engineering'] });
  expect(approve({ groups: '' }).narrow).toEqual({ access_groups: [] });
  expect(approve({ default_usd: '0.5' }).narrow).toEqual({ cost: { default_usd: 0.5, tools: { close_issue: 0.02 } } });
  expect(approve({ 'price.close_issue': '' }).narrow).toEqual({ cost: { default_usd: 0.01 } });
});

test('tools that were not asked for are no part of an approval, and a tool called constructor has no price of its own', () => {
  const server = { ...submission().server, tools: ['constructor', 'other'], disallowed_tools: ['other'] };
  expect(approve({ tool: ['constructor'] }, { server }).narrow).toBeUndefined();
});

test('the access groups of a server there is are left alone', () => {
  expect(approve({ groups: '' }, { kind: 'review' }).narrow).toBeUndefined();
});

test('a refusal names what is shown and the reason, also where nothing could be read', () => {
  const { snapshot_hash: _, ...unread } = submission();
  const body = form({ note: ' No. ' });
  expect(Refusal.parse(bodyOf.reject(submission(), body))).toEqual({ revision: 2, snapshot_hash, note: 'No.' });
  expect(Refusal.parse(bodyOf['request-changes'](unread, body))).toEqual({ revision: 2, note: 'No.' });
});

test('a credential has the fields of its mode and the named secrets', () => {
  const body = bodyOf.credentials(submission(), form({ secret: 's', 'secret-name': ['SIGN'], 'secrets.SIGN': 't' }));
  expect(SubmissionCredentials.parse(body)).toEqual({
    revision: 2,
    credentials: { secret: 's', secrets: { SIGN: 't' } },
  });
});

const failure = { ok: false, code: 'x', message: 'It is decided.', request_id: 'r-1' } as const;

test('who comes too late is told the verdict; any other refusal stays in the form with its request id', () => {
  const late = { ...failure, status: 409, details: { status: 'rejected' } };
  expect(outcomeOf('approve', late)).toEqual({
    notice: 'Your decision was not taken. It is decided. (request r-1) It is now: rejected.',
  });
  expect(outcomeOf('approve', { ...failure, status: 409 })).toEqual({
    notice: 'Your decision was not taken. It is decided. (request r-1)',
  });
  expect(outcomeOf('approve', { ...failure, status: 403 })).toEqual({ problem: 'It is decided. (request r-1)' });
  const done = { ok: true, body: { status: 'approved' } } as const;
  expect(outcomeOf('approve', done)).toEqual({ notice: 'Done: approved.' });
  expect(outcomeOf('credentials', done)).toEqual({ notice: expect.stringContaining('attached') });
});

test('CL-18 a number that a double would change keeps its digits, from the answer to the screen', async () => {
  const ask = connect(
    async () => new Response('{"maximum":12345678901234567890,"price":0.000001,"rawJSON":"\\u200b"}'),
    'k',
  );
  const answer = await ask<{ readonly price: number }>('GET', '/v1/me');
  if (!answer.ok) throw new Error(answer.message);
  expect(answer.body.price).toBe(0.000001);
  expect(
    json(answer.body)
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual(['{', '"maximum": 12345678901234567890,', '"price": 0.000001,', '"rawJSON": "[U+200B]"', '}']);
});

test('a key goes in a header, never in an address; an answer that is none of ours is a failure', async () => {
  const sent: [string, RequestInit][] = [];
  const answers = [
    new Response('{"a":1}'),
    new Response('{"error":{"code":"conflict","message":"m","request_id":"r","details":{"status":"rejected"}}}', {
      status: 409,
    }),
    new Response('<html>', { status: 502 }),
  ];
  const ask = connect(async (url, init) => {
    sent.push([String(url), init!]);
    return answers.shift()!;
  }, 'xct_secret');
  expect(await ask('GET', '/v1/me')).toEqual({ ok: true, body: { a: 1 } });
  expect(await ask('PUT', '/v1/x', { b: 2 })).toEqual({
    ok: false,
    status: 409,
    code: 'conflict',
    message: 'm',
    request_id: 'r',
    details: { status: 'rejected' },
  });
  expect(await ask('GET', '/v1/me')).toMatchObject({ ok: false, status: 0, code: 'unreachable' });
  for (const [url, init] of sent) {
    expect(url).not.toContain('xct_secret');
    expect(init).toMatchObject({
      credentials: 'omit',
      redirect: 'error',
      headers: { authorization: 'Bearer xct_secret' },
    });
  }
});
