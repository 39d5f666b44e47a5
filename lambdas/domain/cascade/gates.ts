import type { PinnedTool } from '../definition.ts';
import type { KeyRecord, OrgRecord, ServerRecord, TeamRecord } from '../records.ts';
import type { World } from '../world.ts';

/** A key beside the principals it is bound to, in the shape that `Bound` and `ports.Principals` share. */
export interface Standing {
  readonly key: KeyRecord | undefined;
  readonly team?: TeamRecord | undefined;
  readonly user?: TeamRecord | undefined;
  readonly agent?: TeamRecord | undefined;
}

/** Everything whose state can make a key dead; a `World` is one, `{ key, ...loaded }` of `ports.Principals` another. */
export interface Principal extends Standing {
  readonly key: KeyRecord;
  readonly org: OrgRecord | undefined;
  /** Beside `key.lineage`, in its order. */
  readonly minters: readonly (Standing | undefined)[];
}

function whyStopped(standing: Standing | undefined, now: number): string | undefined {
  if (standing?.key === undefined) return 'the key does not exist';
  const { key } = standing;
  if (key.revoked_at !== undefined) return 'the key is revoked';
  // Written so that an unreadable time counts as past.
  if (key.expires_at !== undefined && !(Date.parse(key.expires_at) > now)) return 'the key is expired';
  for (const kind of ['team', 'user', 'agent'] as const) {
    const id = key[`${kind}_id`];
    const bound = standing[kind];
    if (id === undefined) continue;
    if (bound?.id !== id || bound.deleted_at !== undefined) return `the ${kind} does not exist`;
    if (bound.disabled) return `the ${kind} is disabled`;
  }
  return undefined;
}

/** Why a key may do nothing at `now` (ms), its minters and all their principals included; undefined: it is live. */
export function whyDead({ org, minters, ...own }: Principal, now: number): string | undefined {
  if (org?.id !== own.key.org_id || org.deleted_at !== undefined) return 'the org does not exist';
  if (org.disabled) return 'the org is suspended';
  const stopped = own.key.lineage.map((_, at) => whyStopped(minters[at], now)).find((why) => why !== undefined);
  return whyStopped(own, now) ?? (stopped && `of a key that minted it: ${stopped}`);
}

/** Whether a key may do anything at `now` (ms). */
export const isLive = (principal: Principal, now: number): boolean => whyDead(principal, now) === undefined;

/** The tools of the snapshot that the server's own settings let through, in snapshot order. */
export function approvedTools({ tools, allowed_tools, disallowed_tools }: ServerRecord): readonly PinnedTool[] {
  const allowed = allowed_tools && new Set(allowed_tools);
  const disallowed = new Set(disallowed_tools);
  return tools.filter(({ name }) => (allowed?.has(name) ?? true) && !disallowed.has(name));
}

/** What the gates look at, read once from a world. */
export interface Grounds {
  readonly orgId: string;
  readonly dead: string | undefined;
  readonly blockedServers: ReadonlySet<string>;
  /** `{server id} {tool}` */
  readonly blockedTools: ReadonlySet<string>;
  /** Server id → name → approved tool. */
  readonly approved: ReadonlyMap<string | undefined, ReadonlyMap<string, PinnedTool>>;
}

/** Reads the grounds of a world at `now` (ms). */
export const groundsOf = (world: World, now: number): Grounds => ({
  orgId: world.org.id,
  dead: whyDead(world, now),
  blockedServers: new Set(world.org.blocked_servers),
  blockedTools: new Set(world.org.blocked_tools.map(({ server_id, tool }) => `${server_id} ${tool}`)),
  approved: new Map(
    world.servers.map((server) => [server.id, new Map(approvedTools(server).map((tool) => [tool.name, tool]))]),
  ),
});

/** A rule outside the cascade that can only refuse. */
export interface Gate {
  readonly name: 'tenant' | 'principal' | 'block list' | 'active' | 'pinned' | 'quarantine';
  /** What holds where it lets pass. */
  readonly rule: string;
  /** Why it refuses a tool of a server (undefined: of none that is known); undefined: it lets pass. */
  refuses(grounds: Grounds, server: ServerRecord | undefined, tool: string): string | undefined;
}

/** Only what was approved exists. */
export const pinned: Gate = {
  name: 'pinned',
  rule: 'the tool is in the approved snapshot and not taken off',
  refuses: ({ approved }, server, tool) =>
    approved.get(server?.id)?.has(tool) ? undefined : 'the tool is not among the approved tools of the server',
};

/** The last gate: only what is as it was approved is served (product §6). */
export const quarantine: Gate = {
  name: 'quarantine',
  rule: 'the tool is as it was approved',
  refuses: (_, server, tool) =>
    server?.quarantined?.includes(tool) ? 'the server changed the tool since it was approved' : undefined,
};

/** The gates in their order; the first refuses wherever no server is known. */
export const gates: readonly [Gate, ...Gate[]] = [
  {
    name: 'tenant',
    rule: "the server is one of the key's org",
    refuses: ({ orgId }, server) => (server?.org_id === orgId ? undefined : 'no server of this org has that name'),
  },
  {
    name: 'principal',
    rule: 'the key, its minters and their principals are live',
    refuses: ({ dead }) => dead,
  },
  {
    name: 'block list',
    rule: 'the org blocks neither the server nor the tool',
    refuses: ({ blockedServers, blockedTools }, server, tool) => {
      if (server === undefined) return undefined;
      if (blockedServers.has(server.id)) return `org: blocked_servers includes ${server.alias}`;
      return blockedTools.has(`${server.id} ${tool}`)
        ? `org: blocked_tools includes ${server.alias}.${tool}`
        : undefined;
    },
  },
  {
    name: 'active',
    rule: 'the server is active',
    refuses: (_, server) => (server?.status === 'active' ? undefined : `the server is ${server?.status ?? 'unknown'}`),
  },
  pinned,
  quarantine,
];
