import * as z from 'zod';
import { Description, Id, ToolName, Version } from './names.ts';
import { crud } from './noun.ts';
import type { Route } from './route.ts';

/** A named bundle of tools, and to whom it is assigned. */
export const ToolsetCreate = z.strictObject({
  name: z.string().max(20),
  description: Description.exactOptional(),
  tools: z.array(z.strictObject({ server: Id, tool: ToolName })).max(1000),
  assigned_to: z
    .array(z.strictObject({ kind: z.enum(['key', 'team', 'org', 'user', 'agent']), id: Id }))
    .max(90, 'at most 90 assignments')
    .exactOptional(),
});
export type ToolsetCreate = z.infer<typeof ToolsetCreate>;
/** A change of a toolset; its name stays. */
export const ToolsetPatch = ToolsetCreate.omit({ name: true }).partial().extend({ version: Version });
export type ToolsetPatch = z.infer<typeof ToolsetPatch>;
/** A toolset as it is shown. */
export const ToolsetView = ToolsetCreate.extend({
  id: z.string(),
  org_id: z.string(),
  version: Version,
  created_at: z.string(),
  updated_at: z.string(),
});
/** The routes of toolsets. */
export const toolsets = crud('a toolset', '/v1/mcp/toolset', 'admin', ToolsetCreate, ToolsetPatch, ToolsetView);

/** The rows of this file. */
export const toolsetRoutes = Object.values(toolsets) as Route[];
