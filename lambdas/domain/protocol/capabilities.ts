import type { ServerRecord } from '../records.ts';

/** What a server of MCP can do beside tools. */
type Extra = 'prompts' | 'resources' | 'completions';

/** Server capabilities (MCP 2026-07-28, ServerCapabilities). */
export type Capabilities = Readonly<Partial<Record<'tools' | Extra, object>>>;

/**
 * The union over the servers that offer something. No `listChanged`, no `subscribe`: clients would hold a stream open for
 * them. No `logging`: a level would have to be kept.
 */
export function capabilitiesOf(offered: readonly Pick<ServerRecord, 'offers'>[]): Capabilities {
  const extras = (['prompts', 'resources', 'completions'] as const).filter((extra) =>
    offered.some(({ offers }) => offers?.[extra]),
  );
  return { tools: {}, ...Object.fromEntries(extras.map((extra) => [extra, {}])) };
}

const needs: Readonly<Record<string, Extra>> = {
  prompts: 'prompts',
  resources: 'resources',
  completion: 'completions',
};

/** Whether capabilities cover a method; one that needs none is covered. What is not declared is not there. */
export function covers(capabilities: Capabilities, method: string): boolean {
  const family = method.slice(0, method.indexOf('/'));
  const needed = Object.hasOwn(needs, family) ? needs[family] : undefined;
  return needed === undefined || capabilities[needed] !== undefined;
}
