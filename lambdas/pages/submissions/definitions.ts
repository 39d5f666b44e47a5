import { json } from './text.ts';
import { h, type Tree } from './tree.ts';
import type { Detail } from './wire.ts';
import { proposedTools, quoted } from './words.ts';

type Definition = Detail['tools'][number];

/** Hints that ask for a second look where they are true. */
const grave = new Set(['destructiveHint', 'openWorldHint']);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const said = (value: unknown): string => (typeof value === 'string' ? value : json(value));

/** Annotations as they were claimed: `readOnlyHint: true`. */
const hints = (claimed: Readonly<Record<string, unknown>>): readonly Tree[] =>
  Object.entries(claimed).map(([name, value]) =>
    h('span', { class: value === true && grave.has(name) ? 'hint grave' : 'hint' }, quoted(`${name}: ${said(value)}`)),
  );

/** One definition: its name, its text, and everything else as JSON. */
function definition(one: Definition, key: string, note?: string): Tree {
  const { [key]: name, title, description, annotations, ...others } = one;
  const rest = isObject(annotations) || annotations === undefined ? others : { annotations, ...others };
  return h(
    'li',
    {},
    h(
      'p',
      { class: 'line' },
      h('strong', {}, quoted(said(name))),
      title === undefined ? undefined : quoted(said(title)),
      note !== undefined && h('span', { class: 'badge withdrawn' }, note),
      isObject(annotations) && hints(annotations),
    ),
    description === undefined ? h('p', { class: 'empty' }, 'no description') : quoted(said(description), 'pre'),
    Object.entries(rest).map(([field, value]) =>
      h('details', { open: field === 'inputSchema' }, h('summary', {}, quoted(field)), quoted(json(value), 'pre')),
    ),
  );
}

const list = (
  id: string,
  title: string,
  all: readonly Definition[],
  key: string,
  note?: (one: Definition) => string | undefined,
) =>
  all.length > 0 &&
  h(
    'section',
    { 'aria-labelledby': id },
    h('h3', { id }, `${title} `, h('span', { class: 'count' }, String(all.length))),
    h(
      'ul',
      { class: 'definitions' },
      all.map((one) => definition(one, key, note?.(one))),
    ),
  );

/** All that models and people would read of the server, and what the gateway would leave out. */
export function definitionsView(detail: Detail): readonly (Tree | false)[] {
  const { tools, prompts, resources, resource_templates, instructions, server } = detail;
  const proposed = new Set(proposedTools(detail));
  const refused = [
    ...(server.refused_tools ?? []).map(({ name, reason }) => ({ kind: 'tool', name, reason })),
    ...(server.refused_offers ?? []),
  ];
  return [
    instructions !== undefined &&
      h(
        'section',
        { 'aria-labelledby': 'instructions' },
        h('h3', { id: 'instructions' }, 'Instructions'),
        quoted(instructions, 'pre'),
      ),
    list('tools', 'Tools', tools, 'name', ({ name }) => (proposed.has(String(name)) ? undefined : 'not asked for')),
    list('prompts', 'Prompts', prompts, 'name'),
    list('resources', 'Resources', resources, 'uri'),
    list('templates', 'Resource templates', resource_templates, 'uriTemplate'),
    refused.length > 0 &&
      h(
        'section',
        { 'aria-labelledby': 'refused' },
        h('h3', { id: 'refused' }, 'Left out by the gateway'),
        h(
          'ul',
          {},
          refused.map(({ kind, name, reason }) =>
            h('li', {}, `${kind.replace('_', ' ')} `, quoted(name), ': ', quoted(reason)),
          ),
        ),
      ),
  ];
}
