import { canonical } from '../canonical.ts';
import type { Snapshot } from '../definition.ts';
import type { ServerRecord } from '../records.ts';
import { type Refusal, upstream } from '../refusal.ts';
import { ok, type Result } from '../result.ts';
import { type DefinitionKind, limits, nounOf, snapshotBytes } from './limits.ts';
import { checkPrompt } from './prompt.ts';
import { checkResource, checkTemplate } from './resource.ts';
import { sift } from './sift.ts';
import { bytesOf } from './text.ts';
import { checkTool } from './tool.ts';

/** Refused prompts and resources that a record names; it is read with every call, so a long list has no place in it. */
const maxRefusedOffers = 50;

/** What is kept of an upstream's definitions, and what its record says of them. */
export interface Pinned extends Required<Pick<ServerRecord, 'tools' | 'refused_tools' | 'refused_offers' | 'offers'>> {
  readonly snapshot: Snapshot;
}

/** Definitions as an upstream sent them, unchecked; a list that is absent is not offered. */
type Read = Omit<Snapshot, DefinitionKind> &
  Partial<Readonly<Record<DefinitionKind, readonly unknown[]>>> & { readonly tools: readonly unknown[] };

/**
 * Turns an upstream's definitions into a snapshot in the order of names. A bad one is left out with its reason; a server
 * over a limit as a whole cannot be approved (TD-12): 502 `upstream_too_large`.
 */
export function pin({ tools, prompts, resources, resource_templates, ...rest }: Read): Result<Pinned, Refusal> {
  const lists = { tools, prompts, resources, resource_templates };
  for (const kind of Object.keys(limits) as DefinitionKind[]) {
    if ((lists[kind]?.length ?? 0) > limits[kind]) return tooLarge(`more than ${limits[kind]} ${nounOf[kind]}`);
  }
  const good = {
    tools: sift(tools, 'name', checkTool),
    prompts: sift(prompts ?? [], 'name', checkPrompt),
    resources: sift(resources ?? [], 'uri', checkResource),
    templates: sift(resource_templates ?? [], 'uriTemplate', checkTemplate),
  };
  const snapshot: Snapshot = {
    ...rest,
    tools: good.tools.kept.map(({ definition }) => definition),
    ...(prompts && { prompts: good.prompts.kept }),
    ...(resources && { resources: good.resources.kept }),
    ...(resource_templates && { resource_templates: good.templates.kept }),
  };
  if (bytesOf(canonical(snapshot)) > snapshotBytes) return tooLarge(`definitions of more than ${snapshotBytes} bytes`);
  const refused_offers = [
    ...good.prompts.left.map((left) => ({ kind: 'prompt' as const, ...left })),
    ...good.resources.left.map((left) => ({ kind: 'resource' as const, ...left })),
    ...good.templates.left.map((left) => ({ kind: 'resource_template' as const, ...left })),
  ];
  return ok({
    snapshot,
    tools: good.tools.kept.map(({ pinned }) => pinned),
    refused_tools: good.tools.left,
    refused_offers: refused_offers.slice(0, maxRefusedOffers),
    offers: {
      prompts: prompts !== undefined,
      resources: resources !== undefined || resource_templates !== undefined,
      completions: rest.completions === true,
    },
  });
}

const tooLarge = (what: string): Result<never, Refusal> =>
  upstream('upstream_too_large', `The server has ${what}, the most one server may have.`);
