/**
 * Definitions of one server by kind. Models choose badly among more tools, and people among more prompts; resources are
 * read by machines, and a thousand of them still fit into `snapshotBytes`.
 */
export const limits = { tools: 256, prompts: 256, resources: 1000, resource_templates: 1000 } as const;

/** What a server defines, by the name that it has in a snapshot. */
export type DefinitionKind = keyof typeof limits;

/** Bytes of a whole snapshot: three table chunks, and what a function can hold of many servers at once. */
export const snapshotBytes = 1024 * 1024;

/** The kinds in the words of a person. */
export const nounOf: Readonly<Record<DefinitionKind, string>> = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  resource_templates: 'resource templates',
};
