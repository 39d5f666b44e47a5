import { no, ok, type Result } from '../result.ts';
import { isReservedField } from './field-names.ts';
import { isObject } from './jsonrpc.ts';

/** The annotation that asks for an argument to be repeated as `Mcp-Param-{value}` (MCP 2026-07-28, Streamable HTTP). */
const annotation = 'x-mcp-header';
const scalarTypes: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);
/** Keywords whose value is data, not schema. */
const dataKeywords: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);
/** Keywords whose value maps names to schemas. */
const mapKeywords: ReadonlySet<string> = new Set([
  'properties',
  '$defs',
  'definitions',
  'patternProperties',
  'dependentSchemas',
]);

/** Why an annotation is not a good one; `path` is undefined where `properties` alone do not lead to it. */
function fault(schema: Readonly<Record<string, unknown>>, path: string | undefined): string | undefined {
  const suffix = schema[annotation];
  if (path === undefined || path === '') return `${annotation} stands where no single argument is`;
  if (typeof suffix !== 'string' || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(suffix)) {
    return `${annotation} of ${path} is no header name`;
  }
  if (suffix.toLowerCase() === 'authorization' || isReservedField(suffix)) {
    return `${annotation} of ${path} takes the name of a protected header`;
  }
  return scalarTypes.has(schema['type']) ? undefined : `${annotation} of ${path} needs type string, integer or boolean`;
}

/** Collects the annotations under a schema into `found`; the first fault ends it. */
function collect(schema: unknown, path: string | undefined, found: Map<string, string>): string | undefined {
  if (Array.isArray(schema)) return first(schema, (item) => collect(item, undefined, found));
  if (!isObject(schema)) return undefined;
  if (Object.hasOwn(schema, annotation)) {
    const wrong = fault(schema, path);
    if (wrong !== undefined) return wrong;
    const suffix = schema[annotation] as string;
    const taken = [...found.values()].some((other) => other.toLowerCase() === suffix.toLowerCase());
    if (taken) return `${annotation} ${suffix} is there twice`;
    found.set(path as string, suffix);
  }
  return first(Object.entries(schema), ([keyword, value]) => {
    if (dataKeywords.has(keyword)) return undefined;
    if (!mapKeywords.has(keyword) || !isObject(value)) return collect(value, undefined, found);
    return first(Object.entries(value), ([name, child]) =>
      collect(child, keyword === 'properties' ? under(path, name) : undefined, found),
    );
  });
}

/** The path of an argument: names joined by `/`, escaped as in RFC 6901. */
function under(path: string | undefined, name: string): string | undefined {
  const part = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return path === undefined ? undefined : path === '' ? part : `${path}/${part}`;
}

/** The first answer that is one. */
function first<T>(items: readonly T[], ask: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The mirrored arguments of a tool, path → header suffix; a bad annotation makes the whole tool invalid (TD-08). */
export function readMirrors(inputSchema: unknown): Result<Readonly<Record<string, string>>, string> {
  const found = new Map<string, string>();
  const wrong = collect(inputSchema, '', found);
  return wrong === undefined ? ok(Object.fromEntries(found)) : no(wrong);
}

type Schema = Readonly<Record<string, unknown>>;

/** The schema without annotations: this gateway's clients mirror nothing, it does so itself toward the upstream. */
export function withoutMirrors(schema: Schema): Schema {
  const { [annotation]: _, ...rest } = schema;
  const properties = rest['properties'];
  if (!isObject(properties)) return rest;
  const children = Object.entries(properties).map(([name, child]) => [
    name,
    isObject(child) ? withoutMirrors(child) : child,
  ]);
  return { ...rest, properties: Object.fromEntries(children) };
}
