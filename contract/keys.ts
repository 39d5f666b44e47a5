import * as z from 'zod';
import { Deleted, ListOf, PageQuery } from './lists.ts';
import { Id, Label, Version } from './names.ts';
import { limits, ObjectPermission, ObjectPermissionWrite } from './permission.ts';
import { type Route, route } from './route.ts';

/** What a key may administer: its own (`member`), one org (`admin`), the deployment (`operator`). */
export const Role = z.enum(['member', 'admin', 'operator']);
export type Role = z.infer<typeof Role>;

/** What a key may ask for at `POST /v1/keys`; bindings and role are fixed for its life. */
export const KeyCreate = z.strictObject({
  name: Label,
  team_id: Id.exactOptional(),
  user_id: Id.exactOptional(),
  agent_id: Id.exactOptional(),
  role: Role.exactOptional(),
  object_permission: ObjectPermissionWrite,
  /** Seconds of life from now; absent: no expiry. */
  expires_in: z.number().int().min(60).max(315_360_000).exactOptional(),
  ...limits,
});
export type KeyCreate = z.infer<typeof KeyCreate>;

/** What of a key can change; its bindings and role cannot. */
export const KeyPatch = z.strictObject({
  version: Version,
  name: Label.exactOptional(),
  object_permission: ObjectPermissionWrite,
  ...limits,
});
export type KeyPatch = z.infer<typeof KeyPatch>;

/** How a key gets a new secret. */
export const KeyRotate = z.strictObject({
  /** Seconds in which the old secret still works; 0 ends it at once. */
  grace_seconds: z.number().int().min(0).max(604_800).exactOptional(),
});
export type KeyRotate = z.infer<typeof KeyRotate>;

/** A key as it is shown: everything but its secret. */
export const KeyView = z.object({
  id: z.string(),
  name: z.string(),
  org_id: z.string(),
  team_id: z.string().exactOptional(),
  user_id: z.string().exactOptional(),
  agent_id: z.string().exactOptional(),
  role: Role,
  object_permission: ObjectPermission.exactOptional(),
  minted_by: z.string().exactOptional(),
  expires_at: z.string().exactOptional(),
  revoked_at: z.string().exactOptional(),
  ...limits,
  version: Version,
  created_at: z.string(),
  updated_at: z.string(),
});
/** The one answer that carries the secret. */
export const KeyShown = KeyView.extend({ key: z.string() });

export const createKey = route({
  method: 'POST',
  path: '/v1/keys',
  fn: 'admin',
  access: 'any',
  summary: 'Mint a key; its secret is shown once. Members mint for themselves, within their own rights.',
  body: KeyCreate,
  status: 201,
  answer: KeyShown,
});
export const generateKey = route({
  method: 'POST',
  path: '/key/generate',
  fn: 'admin',
  access: 'any',
  summary: "LiteLLM's spelling of POST /v1/keys.",
  body: KeyCreate,
  status: 201,
  answer: KeyShown,
});
export const listKeys = route({
  method: 'GET',
  path: '/v1/keys',
  fn: 'admin',
  access: 'any',
  summary: "The org's keys; a member sees its own and those it minted.",
  query: PageQuery,
  answer: ListOf(KeyView),
});
export const getKey = route({
  method: 'GET',
  path: '/v1/keys/{id}',
  fn: 'admin',
  access: 'any',
  summary: 'One key, without its secret.',
  answer: KeyView,
});
export const patchKey = route({
  method: 'PATCH',
  path: '/v1/keys/{id}',
  fn: 'admin',
  access: 'any',
  summary: 'Change name, grant, budget or rate of a key; never beyond what the caller may call.',
  body: KeyPatch,
  answer: KeyView,
});
export const revokeKey = route({
  method: 'DELETE',
  path: '/v1/keys/{id}',
  fn: 'admin',
  access: 'any',
  summary: 'Revoke a key; no call is admitted later than five seconds after.',
  answer: Deleted,
});
export const rotateKey = route({
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  fn: 'admin',
  access: 'any',
  summary: 'Give a key a new secret; the old one lives for grace_seconds (default 0).',
  body: KeyRotate,
  answer: KeyShown,
});
/** The rows of this file. */
export const keyRoutes: readonly Route[] = [createKey, generateKey, listKeys, getKey, patchKey, revokeKey, rotateKey];
