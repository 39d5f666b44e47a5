import { type Level, opinionOf } from './level.ts';

/** Level 2, `object_permission`: that of the key's team. */
export const team: Level = { name: 'team', says: (bound) => opinionOf(bound.team) };
