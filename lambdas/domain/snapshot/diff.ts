import { canonical } from '../canonical.ts';
import type { Snapshot } from '../definition.ts';

/** How one kind of definitions changed; lists are in the order of names. */
export interface ListDrift {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Definitions in both that differ, and in which top-level fields. */
  readonly modified: readonly { readonly name: string; readonly fields: readonly string[] }[];
}

/** What a live upstream offers against what is pinned: tools at the top, resources by URI, templates by URI template. */
export interface Drift extends ListDrift {
  readonly changed: boolean;
  readonly prompts: ListDrift;
  readonly resources: ListDrift;
  readonly resource_templates: ListDrift;
  /** Whether the server's instructions differ. */
  readonly instructions: boolean;
  /** Whether it began or ceased to offer prompts, resources or completion. */
  readonly offers: boolean;
}

type Definition = Readonly<Record<string, unknown>>;

/** Whether two values differ by meaning; what is absent is not what is `null`, as in the hash. */
export const differ = (a: unknown, b: unknown): boolean => canonical({ of: a }) !== canonical({ of: b });

/** Top-level fields in which two definitions differ, in alphabetical order. */
const fieldsThatDiffer = (a: Definition, b: Definition): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().filter((field) => differ(a[field], b[field]));

function listDrift(key: string, pinned: readonly Definition[] = [], live: readonly Definition[] = []): ListDrift {
  const before = new Map(pinned.map((definition) => [String(definition[key]), definition]));
  const after = new Map(live.map((definition) => [String(definition[key]), definition]));
  const kept = [...before.keys()].sort();
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    removed: kept.filter((name) => !after.has(name)),
    modified: kept.flatMap((name) => {
      const now = after.get(name);
      const fields = now === undefined ? [] : fieldsThatDiffer(before.get(name) as Definition, now);
      return fields.length === 0 ? [] : [{ name, fields }];
    }),
  };
}

const isChange = ({ added, removed, modified }: ListDrift): boolean =>
  added.length + removed.length + modified.length > 0;

/** What a server may offer beside tools; an empty list is an offer, an absent one is none. */
export const offers = ['prompts', 'resources', 'resource_templates', 'completions'] as const;

/** Compares two snapshots by meaning: order of keys and lists, white space and spelling of numbers are no drift (TD-03). */
export function diff(pinned: Snapshot, live: Snapshot): Drift {
  const tools = listDrift('name', pinned.tools, live.tools);
  const prompts = listDrift('name', pinned.prompts, live.prompts);
  const resources = listDrift('uri', pinned.resources, live.resources);
  const resource_templates = listDrift('uriTemplate', pinned.resource_templates, live.resource_templates);
  const instructions = differ(pinned.instructions, live.instructions);
  const offersDiffer = offers.some((offer) => (pinned[offer] === undefined) !== (live[offer] === undefined));
  const changed = instructions || offersDiffer || [tools, prompts, resources, resource_templates].some(isChange);
  return { changed, ...tools, prompts, resources, resource_templates, instructions, offers: offersDiffer };
}
