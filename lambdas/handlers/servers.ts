import * as catalog from '../../contract/catalog.ts';
import * as probes from '../../contract/probe.ts';
import * as routes from '../../contract/server-routes.ts';
import { attachCredential } from '../../contract/submissions.ts';
import {
  checkUrl,
  clock,
  principals,
  probe,
  records,
  reviewSettings,
  reviews,
  seal,
  secrets,
  sha256,
  snapshots,
  tiers,
  upstream,
  vault,
  workflow,
  worlds,
} from '../compose.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Added, addServer } from '../govern/approval/add.ts';
import { attachCredential as attach } from '../govern/approval/credential.ts';
import { addPreset, listCatalog } from '../govern/catalog/catalog.ts';
import { importServers } from '../govern/catalog/import.ts';
import { serverHealth, serversHealth } from '../govern/servers/health.ts';
import { getServer, listServers } from '../govern/servers/list.ts';
import { patchServer } from '../govern/servers/patch.ts';
import { testUrl } from '../govern/servers/probe.ts';
import { refreshServer } from '../govern/servers/refresh.ts';
import { removeServer } from '../govern/servers/remove.ts';
import type { Answer } from '../middleware/answer.ts';
import { type Incoming, on, serve } from '../middleware/serve.ts';

/** Who acts, with the ports of this function: the table, the vault, and the way out. */
const acting = ({ caller, requestId }: Pick<Incoming<unknown, unknown>, 'caller' | 'requestId'>) => ({
  caller,
  requestId,
  now: clock(),
  records: records(),
  principals: principals(),
  reviews: reviews(),
  workflow,
  ...reviewSettings(),
  tiers: tiers(),
  worlds: worlds(),
  snapshots: snapshots(),
  vault: vault(),
  secrets: secrets(),
  seal: seal(),
  upstream: upstream(),
  checkUrl,
  sha256,
  clock,
});

const answer = <T, R>(outcome: Result<T, R>): Result<Answer, R> => (outcome.ok ? ok({ body: outcome.value }) : outcome);
const added = <R>(outcome: Result<Added, R>): Result<Answer, R> => (outcome.ok ? ok({ ...outcome.value }) : outcome);

/** Servers, catalog, import, and the credentials of proposed servers: the table, the vault and the way out. */
export const handler = serve([
  on(routes.createServer, async (request) => added(await addServer(acting(request), request.body))),
  on(routes.listServers, async (request) => answer(await listServers(acting(request), request.query))),
  on(probes.serversHealth, async (request) =>
    ok({ body: await serversHealth(acting(request), request.query.live === 'true') }),
  ),
  on(routes.getServer, async (request) => answer(await getServer(acting(request), id(request)))),
  on(routes.patchServer, async (request) => answer(await patchServer(acting(request), id(request), request.body))),
  on(routes.removeServer, async (request) => answer(await removeServer(acting(request), id(request)))),
  on(routes.refreshServer, async (request) => answer(await refreshServer(acting(request), id(request)))),
  on(probes.serverHealth, async (request) =>
    answer(await serverHealth(acting(request), id(request), request.query.live === 'true')),
  ),
  on(probes.testServer, async (request) => answer(await testUrl({ checkUrl, probe: probe() }, request.body.url))),
  on(catalog.importServers, async (request) => ok({ body: await importServers(acting(request), request.body) })),
  on(catalog.listCatalog, async (request) => answer(await listCatalog(acting(request), request.query))),
  on(catalog.addPreset, async (request) => added(await addPreset(acting(request), id(request), request.body))),
  on(attachCredential, async (request) => answer(await attach(acting(request), id(request), request.body))),
]);

/** The `{id}` of the path. */
function id({ params }: Pick<Incoming<unknown, unknown>, 'params'>): string {
  return params['id'] ?? '';
}
