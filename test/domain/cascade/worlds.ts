import fc from 'fast-check';
import type { Grant, KeyRecord, ServerRecord, ToolsetRecord } from '../../../lambdas/domain/records.ts';
import type { Bound, World } from '../../../lambdas/domain/world.ts';
import { aBound, anAgent, anOrg, aServer, aTeam, aToolset, aUser, aWorld } from '../../support/records.ts';

const aliases = ['git', 'jira', 'maps'];
const toolNames = ['read', 'write', 'drop'];
const bundleNames = ['red', 'blue'];
const labels = ['eng', 'ops'];
const some = <T>(all: readonly T[]) => fc.subarray([...all]);
// fast-check leans to the ends of a range, so the rare case is in its middle.
const rarely = fc.integer({ min: 0, max: 40 }).map((n) => n === 20);

const serverIds = [...aliases, 'gone'].map((alias) => `srv_${alias}`);
const permission = fc
  .subarray(toolNames)
  .chain((names) =>
    fc.tuple(...names.map((name) => fc.constantFrom(name, { name, params: { safe: { const: true } } }))),
  );
const grant: fc.Arbitrary<Grant> = fc.record(
  {
    mcp_servers: fc.oneof(
      { weight: 3, arbitrary: some(serverIds) },
      { weight: 1, arbitrary: fc.constant<string[]>(['*']) },
    ),
    mcp_access_groups: some(labels),
    mcp_toolsets: some([...bundleNames, 'gone'].map((name) => `ts_${name}`)),
    mcp_tool_permissions: fc.dictionary(fc.constantFrom(...serverIds), permission, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);
const opinion = fc.option(grant, { nil: undefined }).map((one) => one && { object_permission: one });

const server = (alias: string): fc.Arbitrary<ServerRecord> =>
  fc
    .record({
      status: fc.constantFrom('active', 'active', 'active', 'pending_review', 'disabled', 'inactive'),
      access_groups: some(labels),
      tools: fc.shuffledSubarray(toolNames, { minLength: 1 }).map((names) => names.map((name) => ({ name }))),
      disallowed_tools: some(['drop']),
      allowed: fc.option(some(toolNames), { nil: undefined }),
    })
    .map(({ allowed, ...rest }) => aServer({ alias, ...rest, ...(allowed && { allowed_tools: allowed }) }));

const toolset = (name: string): fc.Arbitrary<ToolsetRecord> =>
  fc
    .record({
      tools: fc.array(fc.record({ server: fc.constantFrom(...serverIds), tool: fc.constantFrom(...toolNames) })),
      assigned_to: some([
        { kind: 'org', id: 'default' },
        { kind: 'team', id: 'team_web' },
        { kind: 'user', id: 'usr_bob' },
        { kind: 'agent', id: 'agt_bot' },
        { kind: 'key', id: 'Key000000001' },
      ] as const),
    })
    .map((given) => aToolset({ name, ...given }));

const org = fc
  .record({
    permission: opinion,
    disabled: rarely,
    blocked_servers: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, some(serverIds)),
    blocked_tools: fc.array(
      fc.record({ server_id: fc.constantFrom(...serverIds), tool: fc.constantFrom(...toolNames) }),
      { maxLength: 2 },
    ),
  })
  .map(({ permission: said, ...rest }) => anOrg({ ...said, ...rest }));

const principal = fc.tuple(opinion, rarely).map(([said, disabled]) => ({ ...said, disabled }));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const bound = (id: string): fc.Arbitrary<Bound> =>
  fc
    .record({
      key: fc.tuple(opinion, rarely, rarely),
      team: maybe(principal),
      user: maybe(principal),
      agent: maybe(principal),
    })
    .map(({ key: [said, isRevoked, isExpired], team, user, agent }) =>
      aBound({
        key: {
          id,
          ...said,
          ...(isRevoked && { revoked_at: '2026-05-01T00:00:00.000Z' }),
          ...(isExpired && { expires_at: '2026-06-01T12:00:00.000Z' }),
        } satisfies Partial<KeyRecord>,
        ...(team && { team: aTeam(team) }),
        ...(user && { user: aUser(user) }),
        ...(agent && { agent: anAgent(agent) }),
      }),
    );

/** Random worlds: grants of every field, gates open and shut, up to two minters, one of them perhaps gone. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    own: bound('Key000000001'),
    org,
    minters: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.tuple(bound('Minter000001')) },
      { weight: 1, arbitrary: fc.tuple(bound('Minter000001'), maybe(bound('Minter000002'))) },
    ),
    servers: fc.tuple(...aliases.map(server)),
    toolsets: fc.tuple(...bundleNames.map(toolset)),
  })
  .map(({ own: { key, ...principals }, minters, ...rest }) => {
    const { lineage: _, ...given } = key;
    const bounds = minters.map((minter) => minter && { ...minter, org: rest.org });
    return aWorld({ ...principals, ...rest, key: given, minters: bounds });
  });

/** All questions that a random world can be asked, and some that name nothing. */
export const questionsOf = (world: World): readonly { server: ServerRecord; tool: string }[] =>
  world.servers.flatMap((one) => [...toolNames, 'nothing', 'Read', 'toString'].map((tool) => ({ server: one, tool })));
