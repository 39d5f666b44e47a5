import type { PromptDefinition, Snapshot } from '../domain/definition.ts';
import { styles } from '../domain/invocations/index.ts';
import { splitUri } from '../domain/protocol/uris.ts';
import type { ServerRecord } from '../domain/records.ts';
import { notFound, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Snapshots } from '../ports/table.ts';
import type { Seal } from '../ports/vault.ts';
import { type Page, type PageOf, pageOf, placeKey } from './page.ts';
import type { Scope } from './resolve.ts';
import { pinnedOf, readPinned } from './snapshots.ts';

/** The lists of a snapshot beside its tools, and what a server must offer to have one. */
const needed = { prompts: 'prompts', resources: 'resources', resource_templates: 'resources' } as const;
type Kind = keyof typeof needed;
type Definition<K extends Kind> = NonNullable<Snapshot[K]>[number];

/** A pinned definition with its server and where it is pinned. */
export interface Offered<T> {
  readonly server: ServerRecord;
  readonly snapshot: Snapshot;
  readonly definition: T;
  readonly key: string;
}

/** The prompts, resources or templates of a scope, a page at a time, by alias, then in snapshot order. */
export async function listOffers<K extends Kind>(
  kind: K,
  scope: Scope,
  page: PageOf,
  ports: { readonly snapshots: Snapshots; readonly seal: Seal },
): Promise<Result<Page<Offered<Definition<K>>> & { readonly partial: readonly string[] }, Refusal>> {
  const servers = scope.offered.filter(({ offers }) => offers?.[needed[kind]]);
  const { of, partial } = await readPinned(servers, ports.snapshots);
  const entries = servers.flatMap((server) => {
    const snapshot = of.get(server);
    const definitions: readonly Definition<K>[] = snapshot?.[kind] ?? [];
    if (!snapshot) return [];
    return definitions.map((definition, at) => ({ server, snapshot, definition, key: placeKey(server.alias, at) }));
  });
  const paged = await pageOf(kind, entries, ({ key }) => key, page, scope.caller, ports.seal);
  return paged.ok ? ok({ ...paged.value, partial }) : paged;
}

/** Names of a server's prompts in a scope, both ways: the server's own and the exposed ones. */
export interface PromptNames {
  readonly ownOf: ReadonlyMap<string, string>;
  readonly exposedOf: ReadonlyMap<string, string>;
}

const made = new WeakMap<Scope, WeakMap<ServerRecord, PromptNames>>();

/** Names of a server's prompts in a scope: the alias in front keeps servers apart. Kept as long as the scope. */
export function promptNames(scope: Scope, server: ServerRecord, { prompts = [] }: Snapshot): PromptNames {
  const known = made.get(scope) ?? new WeakMap<ServerRecord, PromptNames>();
  made.set(scope, known);
  const names = known.get(server) ?? nameAll(prompts, server.alias, scope.single !== undefined);
  known.set(server, names);
  return names;
}

function nameAll(prompts: readonly PromptDefinition[], alias: string, oneServer: boolean): PromptNames {
  const wanted = prompts.map(({ name }) => ({ alias, tool: name }));
  const named = [...styles.mcp.name(wanted, oneServer)].map(([name, { tool }]) => [name, tool] as const);
  return { ownOf: new Map(named), exposedOf: new Map(named.map(([name, own]) => [own, name])) };
}

/** The offered server that an alias or the scope's single set names. */
function serverOf(scope: Scope, alias: string, offer: 'prompts' | 'resources'): ServerRecord | undefined {
  const server = scope.offered.find((one) => one.alias === (scope.single ?? alias));
  return server?.offers?.[offer] ? server : undefined;
}

/** The pinned prompt that a name means in a scope, under its own name. */
export async function resolvePrompt(
  scope: Scope,
  name: string,
  snapshots: Snapshots,
): Promise<Result<{ readonly server: ServerRecord; readonly prompt: string }, Refusal>> {
  const server = serverOf(scope, name.slice(0, Math.max(0, name.indexOf('__'))), 'prompts');
  const snapshot = server && (await pinnedOf(server, snapshots));
  const prompt = snapshot && promptNames(scope, server, snapshot).ownOf.get(name);
  return server && prompt !== undefined ? ok({ server, prompt }) : notFound(`Prompt ${name}`);
}

/** The server and own URI, or URI template, that an exposed one means: also one that no list shows. */
export function resolveUri(
  scope: Scope,
  exposed: string,
): Result<{ readonly server: ServerRecord; readonly uri: string }, Refusal> {
  const parts = scope.single === undefined ? splitUri(exposed) : { alias: scope.single, uri: exposed };
  const server = parts && serverOf(scope, parts.alias, 'resources');
  return server ? ok({ server, uri: parts.uri }) : notFound(`Resource ${exposed}`);
}
