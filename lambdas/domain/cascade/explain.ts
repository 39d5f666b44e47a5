import type { Explain, LevelName } from '../../../contract/access.ts';
import { accessOf } from '../access.ts';
import type { ServerRecord } from '../records.ts';
import type { World } from '../world.ts';
import { gates, groundsOf } from './gates.ts';
import { levels } from './index.ts';
import { compileGrant } from './permit.ts';
import { allowRule, denyRule, silenceRule } from './words.ts';

/** What is asked about: the name as it was given, the server it names (undefined: none), the tool's own name. */
export interface Asked {
  readonly name: string;
  readonly server: ServerRecord | undefined;
  readonly tool: string;
}

function levelRows(world: World, { server, tool }: Asked): Explain['levels'] {
  let spoke: LevelName | undefined;
  return levels.map(({ name, says }) => {
    const row = { level: name, decided: false };
    if (spoke !== undefined) return { ...row, said: 'not asked', rule: `the ${spoke} level has a grant` };
    const said = says(world, world.toolsets);
    if (typeof said === 'string') return { ...row, said, rule: silenceRule(name, said) };
    spoke = name;
    const granted = server && compileGrant(said, world.toolsets)(server, tool);
    return granted === undefined
      ? { level: name, decided: true, said: 'does not allow', rule: denyRule(name, said, server, tool) }
      : { level: name, decided: true, said: 'allows', rule: allowRule(name, granted, tool) };
  });
}

/** Why the world's key may or may not call a tool at `now` (ms). Decides by the same function as a call. */
export function explain(world: World, asked: Asked, now: number): Explain {
  const { server, tool } = asked;
  const grounds = groundsOf(world, now);
  const verdict = accessOf(world, now).check(server, tool);
  return {
    tool: asked.name,
    key_id: world.key.id,
    allowed: verdict.ok,
    levels: levelRows(world, asked),
    gates: gates.map((gate) => {
      const refused = gate.refuses(grounds, server, tool);
      return { gate: gate.name, passed: refused === undefined, rule: refused ?? gate.rule };
    }),
    decided_by: verdict.by,
  };
}
