import { cut, visible } from './visible.ts';

/** The kinds of definitions in a snapshot: list, word for one of them, and the field that names it. */
export const definitionKinds = [
  { list: 'tools', noun: 'tool', key: 'name' },
  { list: 'prompts', noun: 'prompt', key: 'name' },
  { list: 'resources', noun: 'resource', key: 'uri' },
  { list: 'resource_templates', noun: 'resource template', key: 'uriTemplate' },
] as const;

/** Characters of a place: a key of a schema can be as long as the schema may be. */
const maxPlace = 300;

/** A step of a JSON pointer (RFC 6901 §3). */
const step = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Where something stands: a thing and a JSON pointer into it, as in `tool search: inputSchema/properties/q/description`. */
export const placeOf = (thing: string, path: readonly string[] = []): string =>
  cut(visible(path.length === 0 ? thing : `${thing}: ${path.map(step).join('/')}`), maxPlace);
