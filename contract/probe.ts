import * as z from 'zod';
import { ListOf } from './lists.ts';
import { type Route, route } from './route.ts';
import { ServerStatus } from './servers.ts';

/** The URL to look at. */
export const TestRequest = z.strictObject({ url: z.string().max(2048) });
/** What the probe function is asked: a look, or with `definitions` all that could be read. */
export const ProbeRequest = TestRequest.extend({ definitions: z.literal(true).exactOptional() });
/** What the probe saw at a URL, without any credential. */
export const ProbeReport = z.object({
  url: z.string(),
  reachable: z.boolean(),
  transport: z.literal('streamable-http').exactOptional(),
  protocol_versions: z.array(z.string()),
  auth: z.object({
    required: z.boolean(),
    challenge: z.string().exactOptional(),
    resource_metadata: z.string().exactOptional(),
    authorization_servers: z.array(z.string()).exactOptional(),
    /** How clients become known to them (RFC 7591, client ID metadata document); absent where they do not say. */
    registration: z.array(z.enum(['dynamic', 'client_id_metadata_document'])).exactOptional(),
  }),
  tools: z.array(z.object({ name: z.string(), description: z.string().exactOptional() })),
  refused_tools: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** Names of prompts, URIs of resources, the instructions: each where the server has such a thing. */
  prompts: z.array(z.string()).exactOptional(),
  resources: z.array(z.string()).exactOptional(),
  instructions: z.string().exactOptional(),
  latency_ms: z.number(),
  reason: z.string().exactOptional(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

const unchecked = z.array(z.unknown());
/** What the probe function answers where it was asked for definitions: they are as the server sent them. */
export const ProbeSight = z.object({
  report: ProbeReport,
  definitions: z
    .object({
      protocolVersion: z.string(),
      snapshot: z.object({
        tools: unchecked,
        prompts: unchecked.exactOptional(),
        resources: unchecked.exactOptional(),
        resource_templates: unchecked.exactOptional(),
        completions: z.literal(true).exactOptional(),
        instructions: z.string().exactOptional(),
        server_info: z.record(z.string(), z.unknown()).exactOptional(),
      }),
    })
    .exactOptional(),
});

/** How the last reading of a server's definitions went. */
export const LastProbe = z.object({
  ok: z.boolean(),
  at: z.string(),
  latency_ms: z.number(),
  reason: z.string().exactOptional(),
});
export type LastProbe = Readonly<z.infer<typeof LastProbe>>;

/** A server's state and its last probe. */
export const Health = z.object({
  id: z.string(),
  alias: z.string(),
  status: ServerStatus,
  /** The last probe of the upstream, absent where there was none. */
  last: LastProbe.exactOptional(),
  /** Tools that are not served because they changed or came since the approval. */
  quarantined: z.array(z.string()).exactOptional(),
});

const base = { fn: 'servers', access: 'admin' } as const;
const LiveQuery = z.strictObject({ live: z.enum(['true', 'false']).exactOptional() });

export const serverHealth = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server/{id}/health',
  summary: 'The last probe of a server; ?live=true probes now.',
  query: LiveQuery,
  answer: Health,
});
export const serversHealth = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server/health',
  summary: 'The last probe of every server; ?live=true probes now.',
  query: LiveQuery,
  answer: ListOf(Health),
});
export const testServer = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server/test',
  summary: 'Probe a URL before saving it. No stored credential is used.',
  body: TestRequest,
  answer: ProbeReport,
});
/** The rows of this file. */
export const probeRoutes: readonly Route[] = [serverHealth, serversHealth, testServer] as Route[];
