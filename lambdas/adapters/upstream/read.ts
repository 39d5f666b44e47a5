import { ok, type Result } from '../../domain/result.ts';
import type { Definitions, UpstreamRefusal } from '../../ports/upstream.ts';
import { askPeer, meet } from './era.ts';
import { listAll } from './list.ts';
import type { Introduction } from './peer.ts';
import type { Line } from './rpc.ts';

/** Nothing is asked for that the server does not declare. */
const none = ok(undefined);

/** Meets a server and reads all that it defines. */
export async function readAll(line: Line): Promise<Result<Definitions, UpstreamRefusal>> {
  const started = performance.now();
  const met = await meet(line);
  if (!met.ok) return met;
  const read = await readFrom(line, met.value);
  return read.ok ? ok({ ...read.value, latencyMs: Math.round(performance.now() - started) }) : read;
}

/**
 * Reads all that a server defines that was met already, in parallel. Tools are asked for even where none are declared:
 * servers that forget to say so are common, and one without them just does not know the method.
 */
export async function readFrom(
  line: Line,
  { peer, capabilities, instructions, serverInfo }: Introduction,
): Promise<Result<Omit<Definitions, 'latencyMs'>, UpstreamRefusal>> {
  const ask = (method: string, params: object) => askPeer(line, peer, method, { ...params });
  const [tools, prompts, resources, templates] = await Promise.all([
    listAll('tools', ask),
    declares(capabilities, 'prompts') ? listAll('prompts', ask) : none,
    declares(capabilities, 'resources') ? listAll('resources', ask) : none,
    declares(capabilities, 'resources') ? listAll('resource_templates', ask) : none,
  ]);
  if (!tools.ok) return tools;
  if (!prompts.ok) return prompts;
  if (!resources.ok) return resources;
  if (!templates.ok) return templates;
  return ok({
    snapshot: {
      tools: tools.value,
      ...(prompts.value && { prompts: prompts.value }),
      ...(resources.value && { resources: resources.value }),
      ...(templates.value?.length && { resource_templates: templates.value }),
      ...(declares(capabilities, 'completions') && { completions: true }),
      ...(instructions !== undefined && { instructions }),
      ...(serverInfo && { server_info: serverInfo }),
    },
    protocolVersion: peer.version,
  });
}

const declares = (capabilities: Introduction['capabilities'], name: string): boolean => !!capabilities[name];
