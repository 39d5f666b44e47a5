import { type Level, opinionOf } from './level.ts';

/** Level 3, `object_permission`: that of the key's org. */
export const org: Level = { name: 'org', says: (bound) => opinionOf(bound.org) };
