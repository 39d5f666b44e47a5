import * as access from '../../contract/access.ts';
import * as keys from '../../contract/keys.ts';
import type { PageQuery } from '../../contract/lists.ts';
import * as nouns from '../../contract/principals.ts';
import type { Route } from '../../contract/route.ts';
import { listTiers as listTiersRoute } from '../../contract/tiers.ts';
import { toolsets } from '../../contract/toolsets.ts';
import { clock, counters, records, seal, secrets, startValve, tiers, worlds } from '../compose.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import { explainTool } from '../govern/access/explain.ts';
import { whoAmI } from '../govern/access/me.ts';
import { readiness } from '../govern/access/ready.ts';
import type { AdminActing } from '../govern/admin-acting.ts';
import { listAudit } from '../govern/audit.ts';
import { patchKey, revokeKey, rotateKey } from '../govern/keys/change.ts';
import { createKey } from '../govern/keys/create.ts';
import { getKey, listKeys } from '../govern/keys/read.ts';
import { createOrg } from '../govern/principals/create-org.ts';
import type { PrincipalWrite } from '../govern/principals/fields.ts';
import {
  createPrincipal,
  getPrincipal,
  listPrincipals,
  patchPrincipal,
  removePrincipal,
} from '../govern/principals/principals.ts';
import type { PrincipalKind } from '../govern/principals/view.ts';
import { listTiers } from '../govern/tiers.ts';
import { createToolset, getToolset, listToolsets, patchToolset, removeToolset } from '../govern/toolsets/toolsets.ts';
import { type Incoming, on, type Served, serve } from '../middleware/serve.ts';

/** Binds a route to an admin act: the caller with the ports of this function, the request, the `{id}` of the path. */
const act = <B, Q>(
  route: Route<B, Q>,
  run: (acting: AdminActing, request: Incoming<B, Q>, id: string) => Promise<Result<object, Refusal>>,
): Served =>
  on(route, async (request) => {
    const acting: AdminActing = {
      caller: request.caller,
      requestId: request.requestId,
      now: clock(),
      records: records(),
      worlds: worlds(),
      secrets: secrets(),
      seal: seal(),
      tiers: tiers(),
      counters: counters(),
      turnValve: ({ id, version }) => request.after(startValve(id, `${id}-${version}`)),
    };
    const outcome = await run(acting, request, request.params['id'] ?? '');
    return outcome.ok ? ok({ status: route.status ?? 200, body: outcome.value }) : outcome;
  });

/** The five routes of a noun. */
interface Noun<C, P> {
  readonly create: Route<C, undefined>;
  readonly list: Route<undefined, PageQuery>;
  readonly get: Route<undefined, undefined>;
  readonly patch: Route<P, undefined>;
  readonly remove: Route<undefined, undefined>;
}

const principals = <C extends PrincipalWrite, P extends PrincipalWrite & { version: number }>(
  kind: Exclude<PrincipalKind, 'org'>,
  { create, ...rest }: Noun<C, P>,
): Served[] => [act(create, (acting, { body }) => createPrincipal(acting, kind, body)), ...existing(kind, rest)];

const existing = <P extends PrincipalWrite & { version: number }>(
  kind: PrincipalKind,
  { list, get, patch, remove }: Omit<Noun<never, P>, 'create'>,
): Served[] => [
  act(list, (acting, { query }) => listPrincipals(acting, kind, query)),
  act(get, (acting, _, id) => getPrincipal(acting, kind, id)),
  act(patch, (acting, { body }, id) => patchPrincipal(acting, kind, id, body)),
  act(remove, (acting, _, id) => removePrincipal(acting, kind, id)),
];

/** Keys, principals, toolsets, and who may do what: the table, the pepper and the seal; no vault, no way out. */
export const handler = serve([
  act(keys.createKey, (acting, { body }) => createKey(acting, body)),
  act(keys.generateKey, (acting, { body }) => createKey(acting, body)),
  act(keys.listKeys, (acting, { query }) => listKeys(acting, query)),
  act(keys.getKey, (acting, _, id) => getKey(acting, id)),
  act(keys.patchKey, (acting, { body }, id) => patchKey(acting, id, body)),
  act(keys.revokeKey, (acting, _, id) => revokeKey(acting, id)),
  act(keys.rotateKey, (acting, { body }, id) => rotateKey(acting, id, body)),
  act(nouns.orgs.create, (acting, { body }) => createOrg(acting, body)),
  ...existing('org', nouns.orgs),
  ...principals('team', nouns.teams),
  ...principals('user', nouns.users),
  ...principals('agent', nouns.agents),
  act(toolsets.create, (acting, { body }) => createToolset(acting, body)),
  act(toolsets.list, (acting, { query }) => listToolsets(acting, query)),
  act(toolsets.get, (acting, _, id) => getToolset(acting, id)),
  act(toolsets.patch, (acting, { body }, id) => patchToolset(acting, id, body)),
  act(toolsets.remove, (acting, _, id) => removeToolset(acting, id)),
  act(access.me, (acting) => whoAmI(acting)),
  act(access.explain, (acting, { query }) => explainTool(acting, query)),
  act(access.audit, (acting, { query }) => listAudit(acting, query)),
  act(listTiersRoute, (acting) => listTiers(acting)),
  act(access.ready, async (acting) => ok(await readiness(acting))),
]);
