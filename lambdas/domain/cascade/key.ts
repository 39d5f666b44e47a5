import { type Level, opinionOf } from './level.ts';

/** Level 1, `object_permission`: the key's own. */
export const key: Level = { name: 'key', says: (bound) => opinionOf(bound.key) };
