import * as z from 'zod';
import { KeyShown } from './keys.ts';
import { Deleted, ListOf, PageQuery } from './lists.ts';
import { Description, Id, Label, Version } from './names.ts';
import { limits, ObjectPermission, ObjectPermissionWrite } from './permission.ts';
import { type Access, type Route, route } from './route.ts';

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
export const OrgCreate = z.strictObject({ name: Label, ...common, ...orgOnly });
export type OrgCreate = z.infer<typeof OrgCreate>;
export const OrgPatch = z.strictObject({ version: Version, name: Label.exactOptional(), ...common, ...orgOnly });
export type OrgPatch = z.infer<typeof OrgPatch>;
export const OrgView = z.object({
  ...shown,
  tier: z.string(),
  blocked_servers: z.array(z.string()),
  blocked_tools: z.array(z.string()),
});

export const TeamCreate = z.strictObject({ name: Label, ...common });
export type TeamCreate = z.infer<typeof TeamCreate>;
export const TeamPatch = z.strictObject({ version: Version, name: Label.exactOptional(), ...common });
export type TeamPatch = z.infer<typeof TeamPatch>;
export const TeamView = z.object({ ...shown, org_id: z.string() });

const Email = z.email().max(254);
export const UserCreate = z.strictObject({ name: Label, email: Email.exactOptional(), ...common });
export type UserCreate = z.infer<typeof UserCreate>;
export const UserPatch = z.strictObject({
  version: Version,
  name: Label.exactOptional(),
  email: Email.exactOptional(),
  ...common,
});
export type UserPatch = z.infer<typeof UserPatch>;
export const UserView = z.object({ ...shown, org_id: z.string(), email: z.string().exactOptional() });

/** An A2A agent, registered by URL; in this version a record that keys may be bound to. */
export const AgentCreate = z.strictObject({
  name: Label,
  description: Description.exactOptional(),
  url: z.url().max(2048),
  ...common,
});
export type AgentCreate = z.infer<typeof AgentCreate>;
export const AgentPatch = z.strictObject({
  version: Version,
  name: Label.exactOptional(),
  description: Description.exactOptional(),
  url: z.url().max(2048).exactOptional(),
  ...common,
});
export type AgentPatch = z.infer<typeof AgentPatch>;
export const AgentView = z.object({
  ...shown,
  org_id: z.string(),
  description: z.string().exactOptional(),
  url: z.string(),
});

/** The five routes of a noun. */
export const crud = <C, P>(
  noun: string,
  path: `/${string}`,
  access: Access,
  create: z.ZodType<C>,
  patch: z.ZodType<P>,
  view: z.ZodType,
  created: z.ZodType = view,
) => ({
  create: route({
    method: 'POST',
    path,
    fn: 'admin',
    access,
    summary: `Make ${noun}.`,
    body: create,
    status: 201,
    answer: created,
  }),
  list: route({
    method: 'GET',
    path,
    fn: 'admin',
    access,
    summary: `List: ${noun} a row.`,
    query: PageQuery,
    answer: ListOf(view),
  }),
  get: route({ method: 'GET', path: `${path}/{id}`, fn: 'admin', access, summary: `Read ${noun}.`, answer: view }),
  patch: route({
    method: 'PATCH',
    path: `${path}/{id}`,
    fn: 'admin',
    access,
    summary: `Change ${noun}.`,
    body: patch,
    answer: view,
  }),
  remove: route({
    method: 'DELETE',
    path: `${path}/{id}`,
    fn: 'admin',
    access,
    summary: `Delete ${noun}; keys bound to it answer 401.`,
    answer: Deleted,
  }),
});

export const orgs = crud(
  'an org',
  '/v1/orgs',
  'operator',
  OrgCreate,
  OrgPatch,
  OrgView,
  OrgView.extend({ admin_key: KeyShown }),
);
export const teams = crud('a team', '/v1/teams', 'admin', TeamCreate, TeamPatch, TeamView);
export const users = crud('a user', '/v1/users', 'admin', UserCreate, UserPatch, UserView);
export const agents = crud('an agent', '/v1/agents', 'admin', AgentCreate, AgentPatch, AgentView);

export const principalRoutes: readonly Route[] = [orgs, teams, users, agents].flatMap(
  (noun) => Object.values(noun) as Route[],
);
