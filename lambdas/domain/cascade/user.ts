import { type Level, opinionOf } from './level.ts';

/** Level 4, `object_permission`: that of the key's user. */
export const user: Level = { name: 'user', says: (bound) => opinionOf(bound.user) };
