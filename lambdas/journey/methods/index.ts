import type { Era } from '../../domain/protocol/revision.ts';
import { completion } from './completion.ts';
import { handshake } from './handshake.ts';
import type { Method } from './method.ts';
import { prompts } from './prompts.ts';
import { resources } from './resources.ts';
import { tools } from './tools.ts';

const both = { ...tools, ...prompts, ...resources.both, ...completion };

/** Every method served, by era. */
export const methods: Readonly<Record<Era, Readonly<Record<string, Method>>>> = {
  legacy: { ...both, ...resources.legacy, ...handshake.legacy },
  modern: { ...both, ...handshake.modern },
};
