import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Role } from '../../contract/keys.ts';
import { reservedNames } from '../../contract/reserved.ts';
import type { Access } from '../../contract/route.ts';
import { hopHeader } from '../domain/hop.ts';
import { forbidden, notFound, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import { type HeaderValues, isExactPath } from './event.ts';

const rank: Record<Role, number> = { member: 0, admin: 1, operator: 2 };
const needed: Record<Exclude<Access, 'public'>, Role> = { any: 'member', admin: 'admin', operator: 'operator' };

/** What may stand as `{set}`: names or server ids, joined by commas. */
const setForm = /^(?:[a-z0-9-]+|srv_[A-Za-z0-9]+)(?:,(?:[a-z0-9-]+|srv_[A-Za-z0-9]+))*$/;

/** Refuses what no handler may see: paths that are not exactly a route's, foreign origins, our own outbound requests. */
export function admitRequest(event: APIGatewayProxyEvent, headers: HeaderValues): Result<undefined, Refusal> {
  const set = event.pathParameters?.['set'];
  if (!isExactPath(event) || (set !== undefined && (reservedNames.has(set) || !setForm.test(set))))
    return notFound('This route');
  const origins = headers['origin'] ?? [];
  if (origins.some((origin) => !isAllowedOrigin(origin)))
    return forbidden('This origin is not allowed to call the gateway from a browser.', 'gate', 'allowed_origins');
  if (headers[hopHeader])
    return forbidden('A request of this gateway came back to it; a server must not point here.', 'gate', 'hop');
  return ok(undefined);
}

/** `Origin` is our own host or one of the listed origins (MCP 2026-07-28, Security: DNS rebinding). */
export function isAllowedOrigin(origin: string): boolean {
  if (origin === process.env['PUBLIC_URL']) return true;
  return (process.env['ALLOWED_ORIGINS'] ?? '').split(',').includes(origin) && origin !== '';
}

/** Whether a role reaches a route: operator over admin over member. */
export function admitRole(access: Exclude<Access, 'public'>, role: Role): Result<undefined, Refusal> {
  if (rank[role] >= rank[needed[access]]) return ok(undefined);
  return { ok: false, refusal: { code: 'not_admin', role: access === 'operator' ? 'operator' : 'admin' } };
}
