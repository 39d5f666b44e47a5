import { type Level, opinionOf } from './level.ts';

/** Level 5, `object_permission`: that of the key's agent, which is what an A2A invocation hands on. */
export const agent: Level = { name: 'agent', says: (bound) => opinionOf(bound.agent) };
