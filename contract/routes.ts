import { accessRoutes } from './access.ts';
import { catalogRoutes } from './catalog.ts';
import { chatRoutes } from './chat.ts';
import { eventRoutes } from './events.ts';
import { keyRoutes } from './keys.ts';
import { mcpRoutes } from './mcp.ts';
import { meteringRoutes } from './metering.ts';
import { principalRoutes } from './principals.ts';
import { probeRoutes } from './probe.ts';
import type { Route } from './route.ts';
import { serverRoutes } from './server-routes.ts';
import { siteRoutes } from './site.ts';
import { submissionRoutes } from './submissions.ts';
import { tierRoutes } from './tiers.ts';
import { toolRoutes } from './tools.ts';
import { toolsetRoutes } from './toolsets.ts';

/** The one route table: API Gateway, authorizer, handlers, OpenAPI, local runner and tests read it. */
export const routes: readonly Route[] = [
  ...siteRoutes,
  ...mcpRoutes,
  ...toolRoutes,
  ...chatRoutes,
  ...serverRoutes,
  ...probeRoutes,
  ...catalogRoutes,
  ...submissionRoutes,
  ...eventRoutes,
  ...keyRoutes,
  ...principalRoutes,
  ...toolsetRoutes,
  ...accessRoutes,
  ...meteringRoutes,
  ...tierRoutes,
];
