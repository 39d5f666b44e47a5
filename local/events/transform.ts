import { z } from 'zod';

/** What a rule's target may say about what it is sent. */
export const TargetInput = {
  Input: z.string().optional(),
  InputTransformer: z
    .strictObject({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
};

/** Value at a path such as `$.detail.id`. */
const valueAt = (path: string, event: unknown): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce((value, name) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[name], event);

/** A template with its `<names>` filled in: inside a text as characters, elsewhere as JSON; what is not there is empty. */
function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  let inText = false;
  return template.replace(/\\.|"|<([\w-]+)>/g, (found, name: string | undefined) => {
    if (found === '"') inText = !inText;
    if (name === undefined || !(name in values)) return found;
    const value = values[name] ?? '';
    if (!inText) return JSON.stringify(value);
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
}

/** What a target makes of an event, as the text it is sent: the event itself, a constant, or a filled template. Throws on a path that the local runner does not know. */
export function readInput(target: {
  readonly Input?: string | undefined;
  readonly InputTransformer?: z.infer<typeof TargetInput.InputTransformer>;
}): (event: unknown) => string {
  const { Input, InputTransformer } = target;
  if (InputTransformer === undefined) return (event) => Input ?? JSON.stringify(event);
  const { InputPathsMap, InputTemplate } = InputTransformer;
  for (const path of Object.values(InputPathsMap))
    if (!/^\$(\.[\w-]+)*$/.test(path)) throw new Error(`the local runner does not know the path ${path}`);
  return (event) =>
    fill(
      InputTemplate,
      Object.fromEntries(Object.entries(InputPathsMap).map(([name, path]) => [name, valueAt(path, event)])),
    );
}
