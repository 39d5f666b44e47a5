/** What the smoke run was told, and how it asks. */
import { randomBytes } from 'node:crypto';

/** The API's own URL with the stage, where it was given. */
export const { API_URL } = process.env;
/** A public MCP server without authentication, and a tool of it with arguments. */
export const UPSTREAM = process.env['UPSTREAM'] ?? 'https://mcp.deepwiki.com/mcp';
export const TOOL = process.env['TOOL'] ?? 'read_wiki_structure';
export const ARGUMENTS = JSON.parse(process.env['ARGUMENTS'] ?? '{"repoName":"modelcontextprotocol/servers"}');
/** The gateway. */
export const url = need('URL').replace(/\/$/, '');
/** An operator's or admin's key. */
export const admin = need('ADMIN_KEY');
/** Of the server that is made, and the name of all else. */
export const alias = `smoke-${randomBytes(4).toString('hex')}`;
/** Whether CloudFront should be in front. */
export const isCloud = url.startsWith('https:');

function need(name: string): string {
  const value = process.env[name];
  if (value) return value;
  console.error(`${name} is not set; see the first lines of scripts/smoke.ts.`);
  process.exit(2);
}

/** Any JSON: the checks look at fields that may not be there. */
// biome-ignore lint/suspicious/noExplicitAny: a field that is missing must show as a failed line, not be proven first
export type Json = any;

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

/** One request of the gateway (or of `base`), as JSON; redirects are not followed. */
export async function ask(
  method: string,
  path: string,
  key = '',
  body?: unknown,
  headers = {},
  base = url,
): Promise<Answer> {
  const answer = await fetch(base + path, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, headers: answer.headers, json: isJson && text !== '' ? JSON.parse(text) : {} };
}

/** Fails where something is not what it must be. */
export function hold(what: string, is: unknown, wanted: unknown): void {
  if (is !== wanted) throw new Error(`${what} is ${JSON.stringify(is) ?? 'absent'}, not ${JSON.stringify(wanted)}`);
}

/** The answer's body where the status is the wanted one; else fails with the gateway's own words. */
export function body(answer: Answer, status = 200): Json {
  if (answer.status === status) return answer.json;
  throw new Error(`answered ${answer.status}, not ${status}: ${answer.json.error?.message ?? ''}`);
}
