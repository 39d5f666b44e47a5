import * as z from 'zod';
import { KeyShown } from './keys.ts';
import { Description, Id, Label, Version } from './names.ts';
import { crud } from './noun.ts';
import { limits, ObjectPermission, ObjectPermissionWrite } from './permission.ts';
import type { Route } from './route.ts';

const common = { object_permission: ObjectPermissionWrite, disabled: z.boolean().exactOptional(), ...limits };
const shown = {
  id: z.string(),
  name: z.string(),
  object_permission: ObjectPermission.exactOptional(),
  disabled: z.boolean(),
  ...limits,
  version: Version,
  created_at: z.string(),
  updated_at: z.string(),
};

const orgOnly = {
  tier: z.string().max(40).exactOptional(),
  /** Servers nobody in the org may call, whatever a grant says. */
  blocked_servers: z.array(Id).max(1000).exactOptional(),
  /** Tools nobody in the org may call, as `{alias}.{tool}`. */
  blocked_tools: z.array(z.string().max(150)).max(1000).exactOptional(),
};
/** A new org, the tenant. */
export const OrgCreate = z.strictObject({ name: Label, ...common, ...orgOnly });
export type OrgCreate = z.infer<typeof OrgCreate>;
/** A change of an org. */
export const OrgPatch = z.strictObject({ version: Version, name: Label.exactOptional(), ...common, ...orgOnly });
export type OrgPatch = z.infer<typeof OrgPatch>;
/** An org as it is shown. */
export const OrgView = z.object({
  ...shown,
  tier: z.string(),
  /** The tier whose usage plan the org's own key is in; `-` where it stays on the tier's shared one, absent on the way. */
  usage_key: z.string().exactOptional(),
  blocked_servers: z.array(z.string()),
  blocked_tools: z.array(z.string()),
});

/** A new team. */
export const TeamCreate = z.strictObject({ name: Label, ...common });
export type TeamCreate = z.infer<typeof TeamCreate>;
/** A change of a team. */
export const TeamPatch = z.strictObject({ version: Version, name: Label.exactOptional(), ...common });
export type TeamPatch = z.infer<typeof TeamPatch>;
/** A team as it is shown. */
export const TeamView = z.object({ ...shown, org_id: z.string() });

const Email = z.email().max(254);
/** A new user; roles belong to keys. */
export const UserCreate = z.strictObject({ name: Label, email: Email.exactOptional(), ...common });
export type UserCreate = z.infer<typeof UserCreate>;
/** A change of a user. */
export const UserPatch = z.strictObject({
  version: Version,
  name: Label.exactOptional(),
  email: Email.exactOptional(),
  ...common,
});
export type UserPatch = z.infer<typeof UserPatch>;
/** A user as it is shown. */
export const UserView = z.object({ ...shown, org_id: z.string(), email: z.string().exactOptional() });

/** An A2A agent, registered by URL; in this version a record that keys may be bound to. */
export const AgentCreate = z.strictObject({
  name: Label,
  description: Description.exactOptional(),
  url: z.url().max(2048),
  ...common,
});
export type AgentCreate = z.infer<typeof AgentCreate>;
/** A change of an agent. */
export const AgentPatch = z.strictObject({
  version: Version,
  name: Label.exactOptional(),
  description: Description.exactOptional(),
  url: z.url().max(2048).exactOptional(),
  ...common,
});
export type AgentPatch = z.infer<typeof AgentPatch>;
/** An agent as it is shown. */
export const AgentView = z.object({
  ...shown,
  org_id: z.string(),
  description: z.string().exactOptional(),
  url: z.string(),
});

/** The routes of orgs; making one also makes its first admin key, shown once. */
export const orgs = crud(
  'an org',
  '/v1/orgs',
  'operator',
  OrgCreate,
  OrgPatch,
  OrgView,
  OrgView.extend({ admin_key: KeyShown }),
);
/** The routes of teams. */
export const teams = crud('a team', '/v1/teams', 'admin', TeamCreate, TeamPatch, TeamView);
/** The routes of users. */
export const users = crud('a user', '/v1/users', 'admin', UserCreate, UserPatch, UserView);
/** The routes of agents. */
export const agents = crud('an agent', '/v1/agents', 'admin', AgentCreate, AgentPatch, AgentView);

/** The rows of this file. */
export const principalRoutes: readonly Route[] = [orgs, teams, users, agents].flatMap(
  (noun) => Object.values(noun) as Route[],
);
