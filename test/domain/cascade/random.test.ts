import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accessOf } from '../../../lambdas/domain/access.ts';
import { explain } from '../../../lambdas/domain/cascade/explain.ts';
import { failedRule } from '../../../lambdas/domain/cascade/rules.ts';
import type { Grant, TeamRecord } from '../../../lambdas/domain/records.ts';
import type { Bound, World } from '../../../lambdas/domain/world.ts';
import { noon } from '../../support/records.ts';
import { questionsOf, worlds } from './worlds.ts';

const seed = 20_261_124;

/** Flat sets of `alias.tool`, built by adding and taking away; nothing compiled, nothing shared with the implementation. */
function flat(world: World, grant: Grant, isSafe: boolean): Set<string> {
  const set = new Set<string>();
  for (const { id, alias, access_groups, tools } of world.servers)
    for (const { name } of tools) {
      const whole = ['*', id].some((one) => grant.mcp_servers?.includes(one));
      const labelled = access_groups.some((one) => grant.mcp_access_groups?.includes(one));
      const bundled = world.toolsets.some(
        (one) => grant.mcp_toolsets?.includes(one.id) && one.tools.some((t) => t.server === id && t.tool === name),
      );
      if (whole || labelled || bundled) set.add(`${alias}.${name}`);
    }
  for (const [id, listed] of Object.entries(grant.mcp_tool_permissions ?? {}))
    for (const { id: own, alias, tools } of world.servers)
      for (const { name } of own === id ? tools : []) {
        set.delete(`${alias}.${name}`);
        if (listed.some((one) => one === name || (typeof one === 'object' && one.name === name && isSafe)))
          set.add(`${alias}.${name}`);
      }
  return set;
}

function said(world: World, bound: Bound): Grant | undefined {
  const records = [bound.key, bound.team, bound.org, bound.user, bound.agent];
  const record = records.find((one) => one?.object_permission !== undefined);
  if (record !== undefined) return record.object_permission;
  const ids = records.flatMap((one) => one?.id ?? []);
  const mine = world.toolsets.filter((one) => one.assigned_to.some(({ id }) => ids.includes(id)));
  return mine.length > 0 ? { mcp_toolsets: mine.map((one) => one.id) } : undefined;
}

function expected(world: World, isSafe: boolean): string[] {
  const bounds = [world as Bound, ...world.minters];
  const isStopped = (one: TeamRecord | undefined) => one?.disabled === true;
  const isDead = bounds.some(
    (one) =>
      one === undefined ||
      one.org.disabled ||
      [one.team, one.user, one.agent].some(isStopped) ||
      one.key.revoked_at !== undefined ||
      one.key.expires_at !== undefined,
  );
  if (isDead) return [];
  const sets = bounds.map((one) => flat(world, said(world, one!) ?? {}, isSafe));
  return [...sets[0]!].filter((name) => {
    const server = world.servers.find((one) => name.startsWith(`${one.alias}.`))!;
    const tool = name.slice(server.alias.length + 1);
    const isTaken = server.disallowed_tools.includes(tool) || server.allowed_tools?.includes(tool) === false;
    const isBlocked =
      world.org.blocked_servers.includes(server.id) ||
      world.org.blocked_tools.some((one) => one.server_id === server.id && one.tool === tool);
    return sets.every((set) => set.has(name)) && server.status === 'active' && !isTaken && !isBlocked;
  });
}

test('CA-01 random worlds allow exactly what a naive oracle of flat sets allows, with and without the restricted argument', () => {
  let allowed = 0;
  fc.assert(
    fc.property(worlds, fc.boolean(), (world, isSafe) => {
      const access = accessOf(world, noon);
      const given = isSafe ? { safe: true } : {};
      const callable = questionsOf(world).filter(({ server, tool }) => {
        const verdict = access.check(server, tool);
        return verdict.ok && failedRule(verdict.rules, given) === undefined;
      });
      allowed += callable.length;
      expect(callable.map(({ server, tool }) => `${server.alias}.${tool}`).sort()).toEqual(
        expected(world, isSafe).sort(),
      );
    }),
    { seed, numRuns: 3000 },
  );
  expect(allowed).toBeGreaterThan(1000);
});

test('CA-13 for 500 random principals the list is exactly the callable set, in one order, with the same rules', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const access = accessOf(world, noon);
      const callable = questionsOf(world).flatMap(({ server, tool }) => {
        const verdict = access.check(server, tool);
        return verdict.ok ? [`${server.alias}.${tool} ${JSON.stringify(verdict.rules)}`] : [];
      });
      const listed = access.tools().map((one) => `${one.server.alias}.${one.tool.name} ${JSON.stringify(one.rules)}`);
      expect([...listed].sort()).toEqual(callable.sort());
      const inSnapshotOrder = world.servers.flatMap(({ alias, tools }) => tools.map(({ name }) => `${alias}.${name}`));
      const names = listed.map((one) => one.split(' ')[0]);
      expect(names).toEqual(inSnapshotOrder.filter((name) => names.includes(name)));
      expect(access.servers()).toEqual([...new Set(access.tools().map(({ server }) => server))]);
    }),
    { seed, numRuns: 500 },
  );
});

test('explain agrees with check in random worlds: same answer, same rule, one level decides, the failed gate is the first', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const access = accessOf(world, noon);
      for (const { server, tool } of questionsOf(world)) {
        const verdict = access.check(server, tool);
        const told = explain(world, { name: `${server.alias}.${tool}`, server, tool }, noon);
        expect([told.allowed, told.decided_by]).toEqual([verdict.ok, verdict.by]);
        const decided = told.levels.filter((level) => level.decided);
        expect(decided.map(({ level }) => level)).toEqual(access.level === null ? [] : [access.level]);
        const shut = told.gates.find((gate) => !gate.passed);
        if (told.allowed) expect([shut, decided[0]?.said]).toEqual([undefined, 'allows']);
        if (told.decided_by.kind === 'gate') expect(shut?.gate).toBe(told.decided_by.name);
      }
    }),
    { seed, numRuns: 500 },
  );
});
