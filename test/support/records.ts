import type { SubmissionRecord } from '../../lambdas/domain/approval/submission.ts';
import type {
  AgentRecord,
  KeyRecord,
  OrgRecord,
  ServerRecord,
  TeamRecord,
  ToolsetRecord,
  UserRecord,
} from '../../lambdas/domain/records.ts';
import type { Bound, World } from '../../lambdas/domain/world.ts';

/** 2026-06-01T12:00:00Z in ms: a moment at which every default record is live. */
export const noon = Date.UTC(2026, 5, 1, 12);

const stored = {
  org_id: 'default',
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};

/** A member key bound to nothing, without a grant. */
export const aKey = (given: Partial<KeyRecord> = {}): KeyRecord => ({
  ...stored,
  id: 'Key000000001',
  name: 'a key',
  role: 'member',
  hmac: '0'.repeat(64),
  pepper: '1',
  lineage: [],
  ...given,
});

/** The org `default`, tier `team`, blocking nothing. */
export const anOrg = (given: Partial<OrgRecord> = {}): OrgRecord => ({
  ...stored,
  id: 'default',
  org_id: given.id ?? 'default',
  name: 'Default',
  tier: 'team',
  disabled: false,
  blocked_servers: [],
  blocked_tools: [],
  ...given,
});

/** The team `team_web`. */
export const aTeam = (given: Partial<TeamRecord> = {}): TeamRecord => ({
  ...stored,
  id: 'team_web',
  name: 'web',
  disabled: false,
  ...given,
});

/** The user `usr_ann`. */
export const aUser = (given: Partial<UserRecord> = {}): UserRecord => ({
  ...stored,
  id: 'usr_ann',
  name: 'Ann',
  disabled: false,
  ...given,
});

/** The agent `agt_bot`. */
export const anAgent = (given: Partial<AgentRecord> = {}): AgentRecord => ({
  ...stored,
  id: 'agt_bot',
  name: 'bot',
  url: 'https://bot.example.com/a2a',
  disabled: false,
  ...given,
});

/** An active server without authentication; its id is `srv_{alias}`, its tools are `echo` and `add`. */
export const aServer = (given: Partial<ServerRecord> = {}): ServerRecord => {
  const alias = given.alias ?? 'everything';
  return {
    ...stored,
    id: `srv_${alias}`,
    alias,
    url: `https://${alias}.example.com/mcp`,
    auth_type: 'none',
    auth: {},
    has_credential: false,
    static_headers: {},
    extra_headers: [],
    access_groups: [],
    disallowed_tools: [],
    allow_caller_credentials: false,
    status: 'active',
    snapshot_hash: `hash-of-${alias}`,
    tools: [{ name: 'echo' }, { name: 'add' }],
    refused_tools: [],
    ...given,
  };
};

/** An empty toolset assigned to nobody; its id is `ts_{name}`. */
export const aToolset = (given: Partial<ToolsetRecord> = {}): ToolsetRecord => ({
  ...stored,
  id: `ts_${given.name ?? 'daily'}`,
  name: 'daily',
  tools: [],
  assigned_to: [],
  ...given,
});

/** A server `wanted`, proposed at noon by a key of `usr_ann`, read and waiting; its hash is 64 times `a`. */
export const aSubmission = (given: Partial<SubmissionRecord> = {}): SubmissionRecord => ({
  ...stored,
  id: 'sub_000000000001',
  kind: 'server',
  status: 'pending_review',
  revision: 1,
  submitted_at: new Date(noon).toISOString(),
  server: aServer({ alias: 'wanted', status: 'inactive', snapshot_hash: 'a'.repeat(64) }),
  reason: 'We need it',
  teams: [],
  submitter: { key_id: 'KeyAnn000001', user_id: 'usr_ann', lineage: [], minted_by: [] },
  ...given,
});

/** Parts of a `Bound`; of its key any part. */
export type BoundParts = Partial<Omit<Bound, 'key'>> & { readonly key?: Partial<KeyRecord> };
/** Parts of a `World`; of its key any part. */
export type WorldParts = Partial<Omit<World, 'key'>> & { readonly key?: Partial<KeyRecord> };

/** A key with its principals; the key's org and bindings are those of the principals given. */
export const aBound = ({ key, org = anOrg(), ...principals }: BoundParts = {}): Bound => ({
  key: aKey({
    org_id: org.id,
    ...(principals.team && { team_id: principals.team.id }),
    ...(principals.user && { user_id: principals.user.id }),
    ...(principals.agent && { agent_id: principals.agent.id }),
    ...key,
  }),
  org,
  ...principals,
});

/** A world with the server `everything`, no toolset, no minter; the key's bindings and lineage are those given. */
export const aWorld = (parts: WorldParts = {}): World => {
  const { minters = [], servers = [aServer()], toolsets = [], key, ...principals } = parts;
  const lineage = minters.map((minter) => ({ key_id: minter?.key.id ?? 'Gone00000000' }));
  return { ...aBound({ ...principals, key: { lineage, ...key } }), minters, servers, toolsets };
};
