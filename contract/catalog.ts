import * as z from 'zod';
import { AuthSettings, AuthType } from './auth.ts';
import { ListOf, PageQuery } from './lists.ts';
import { type Route, route } from './route.ts';
import { ServerCreate, ServerView } from './servers.ts';
import { SubmissionAnswer } from './submission.ts';

const base = { fn: 'servers', access: 'admin' } as const;
/** A Claude, Cursor or VS Code `mcp.json`: `mcpServers` or `servers`. */
export const ImportRequest = z.strictObject({
  mcpServers: z.record(z.string().max(100), z.record(z.string(), z.unknown())).exactOptional(),
  servers: z.record(z.string().max(100), z.record(z.string(), z.unknown())).exactOptional(),
  inputs: z.array(z.unknown()).exactOptional(),
});
/** What an `mcp.json` became: drafts to complete and entries that were refused. */
export const ImportAnswer = z.object({
  /** Bodies for `POST /v1/mcp/server`; secrets found in the file are not repeated: `needs` names them. */
  drafts: z.array(z.object({ server: z.record(z.string(), z.unknown()), needs: z.array(z.string()) })),
  refused: z.array(z.object({ name: z.string(), reason: z.string() })),
});

export const importServers = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server/import',
  summary: 'Turn an mcp.json of Claude, Cursor or VS Code into drafts; stdio entries are refused with the reason.',
  body: ImportRequest,
  answer: ImportAnswer,
});

/** A preset of the catalog: where a well-known server lives and how it authenticates. */
export const Preset = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  url: z.string(),
  auth: z.array(z.object({ auth_type: AuthType, auth: AuthSettings.exactOptional(), get: z.string().exactOptional() })),
  note: z.string(),
  sources: z.array(z.object({ source: z.string(), as_of: z.string(), kind: z.string() })),
});
export type Preset = z.infer<typeof Preset>;
export const listCatalog = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/catalog',
  summary: 'The presets: well-known servers with their URL and auth modes.',
  query: PageQuery,
  answer: ListOf(Preset),
});
/** Overrides on a preset; `auth_type` picks one of its modes (default: the first the gateway can use with what is given). */
export const PresetAdd = ServerCreate.partial();
export type PresetAdd = z.infer<typeof PresetAdd>;
export const addPreset = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/catalog/{id}',
  summary: 'Add a server from a preset.',
  body: PresetAdd,
  status: 201,
  answer: z.union([ServerView, SubmissionAnswer]),
});

/** The rows of this file. */
export const catalogRoutes: readonly Route[] = [importServers, listCatalog, addPreset] as Route[];
