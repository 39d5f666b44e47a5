import type * as z from 'zod/mini';

/** A schema of `zod`, or of `zod/mini` where a function that is started often keeps its bundle small. */
export type Schema<T = unknown> = z.core.$ZodType<T> & Pick<z.ZodMiniType<T>, 'safeParse'>;

/** The deployed functions that serve routes; `lib/constructs/function.ts` and `lambdas/handlers/` bear the same names. */
export type RouteFunction =
  | 'tools'
  | 'mcp'
  | 'chat'
  | 'admin'
  | 'servers'
  | 'approval'
  | 'usage'
  | 'bootstrap'
  | 'site';

/** Who may call: `public` needs no credential, the others a live key; `admin` and `operator` a key of that role or higher. */
export type Access = 'public' | 'any' | 'admin' | 'operator';

/** One row of the route table: what API Gateway, the authorizer, the handlers, OpenAPI and the tests read. */
export interface Route<Body = unknown, Query = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';
  /** API Gateway resource path, `{name}` for a variable. */
  readonly path: `/${string}`;
  readonly fn: RouteFunction;
  readonly access: Access;
  /** True where a call is counted by the tier's usage plan (`apiKeyRequired`). */
  readonly metered?: boolean;
  readonly summary: string;
  readonly body?: Schema<Body>;
  /** Largest request body; 1 unless told. */
  readonly maxBodyMegabytes?: number;
  readonly query?: Schema<Query>;
  /** Status of the good answer; 200 unless told. */
  readonly status?: number;
  /** Schema of the good answer, for OpenAPI; absent where it is not JSON of ours (HTML, MCP). */
  readonly answer?: Schema;
  /** `mcp` answers refusals as JSON-RPC errors, `openai` in the error envelope. */
  readonly dialect?: 'openai' | 'mcp';
}

/** A row of the route table, with the types of its body and query kept. */
export const route = <Body = undefined, Query = undefined>(row: Route<Body, Query>): Route<Body, Query> => row;

/** `METHOD /resource`: how a handler finds the row of an event. */
export const routeKey = (row: Pick<Route, 'method' | 'path'>): string => `${row.method} ${row.path}`;
