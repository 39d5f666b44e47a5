import * as z from 'zod';
import { Id, ToolName } from './names.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** JSON-Schema fragment that one argument of a call must pass; no `pattern` (its cost cannot be bounded). */
export const ArgumentRule = z.strictObject({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']).exactOptional(),
  enum: z.array(Scalar).min(1).max(100).exactOptional(),
  const: Scalar.exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  minLength: z.number().int().nonnegative().exactOptional(),
  maxLength: z.number().int().nonnegative().exactOptional(),
});
export type ArgumentRule = z.infer<typeof ArgumentRule>;

/** A tool of a server, or the tool with rules for its arguments; a restricted argument must be present and pass. */
export const ToolPermission = z.union([
  ToolName,
  z.strictObject({ name: ToolName, params: z.record(z.string().max(128), ArgumentRule) }),
]);
export type ToolPermission = z.infer<typeof ToolPermission>;

/**
 * What one level of the cascade allows. Servers and toolsets are given by name or id and kept by id, so that a name
 * used again later grants nothing. `"*"` is allowed as a whole entry of `mcp_servers` only.
 */
export const ObjectPermission = z
  .strictObject({
    mcp_servers: z
      .array(z.union([z.literal('*'), Id]))
      .max(1000)
      .exactOptional(),
    mcp_access_groups: z.array(Id).max(1000).exactOptional(),
    mcp_toolsets: z.array(Id).max(1000).exactOptional(),
    mcp_tool_permissions: z.record(Id, z.array(ToolPermission).max(256)).exactOptional(),
    agents: z.array(Id).max(1000).exactOptional(),
  })
  .refine(
    (grant) => JSON.stringify(grant).length <= 100_000,
    'at most 100,000 characters as JSON: a record holds 400 KB',
  );
export type ObjectPermission = z.infer<typeof ObjectPermission>;

/** A write of a grant: an object sets it, `null` clears it, absent leaves it. */
export const ObjectPermissionWrite = ObjectPermission.nullable().exactOptional();

/** Budget and rate fields that every principal takes. US dollars, at most six decimals. */
export const limits = {
  max_budget_usd: z.number().nonnegative().max(1e9).nullable().exactOptional(),
  budget_period: z.enum(['day', 'month', 'total']).exactOptional(),
  rpm: z.number().int().positive().max(1e6).nullable().exactOptional(),
};
