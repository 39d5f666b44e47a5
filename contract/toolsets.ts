import * as z from 'zod';
import { Description, Id, ToolName, Version } from './names.ts';
import { crud } from './principals.ts';
import type { Route } from './route.ts';

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
export const ToolsetPatch = ToolsetCreate.omit({ name: true }).partial().extend({ version: Version });
export type ToolsetPatch = z.infer<typeof ToolsetPatch>;
export const ToolsetView = ToolsetCreate.extend({
  id: z.string(),
  org_id: z.string(),
  version: Version,
  created_at: z.string(),
  updated_at: z.string(),
});
export const toolsets = crud('a toolset', '/v1/mcp/toolset', 'admin', ToolsetCreate, ToolsetPatch, ToolsetView);

export const toolsetRoutes = Object.values(toolsets) as Route[];
