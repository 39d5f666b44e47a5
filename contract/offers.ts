import * as z from 'zod';

/** What a server has pinned beside tools. */
export const Offers = z.object({ prompts: z.boolean(), resources: z.boolean(), completions: z.boolean() });

/** A prompt, a resource (by its URI) or a resource template that the gateway refused, with the reason. */
export const RefusedOffer = z.object({
  kind: z.enum(['prompt', 'resource', 'resource_template']),
  name: z.string(),
  reason: z.string(),
});

const listDiff = {
  added: z.array(z.string()),
  removed: z.array(z.string()),
  modified: z.array(z.object({ name: z.string(), fields: z.array(z.string()) })),
};

/** What a live upstream offers against what is pinned: tools at the top, resources by URI, templates by URI template. */
export const Diff = z.object({
  changed: z.boolean(),
  ...listDiff,
  prompts: z.object(listDiff),
  resources: z.object(listDiff),
  resource_templates: z.object(listDiff),
  /** Whether the server's instructions differ. */
  instructions: z.boolean(),
  /** Whether it began or ceased to offer prompts, resources or completion. */
  offers: z.boolean(),
});
