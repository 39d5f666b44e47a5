import type { ProbeReport } from '../../../contract/probe.ts';
import { renderJson } from '../../domain/protocol/json.ts';
import { type Refusal, upstream } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { Definitions, Sight } from '../../ports/upstream.ts';
import { type Egress, egress as guarded } from '../egress/egress.ts';
import { authFound } from './challenge.ts';
import { meet } from './era.ts';
import { readFrom } from './read.ts';
import { lineTo } from './rpc.ts';

/** A look is over sooner than a call: somebody waits for it in a form. */
const timeoutMs = 10_000;
/** The report goes through a Lambda answer (6 MB), however long the texts of a server are. */
const cut = { version: 32, name: 300, description: 4096 };
/** So do the definitions; what is longer could not be pinned either. */
const mostDefinitions = 4 * 1024 * 1024;

/** Looks at a URL as a stranger: which revisions it speaks, what authentication it wants, what it defines. */
export async function look(url: string, egress: Egress = guarded): Promise<Sight> {
  let answered = false;
  let challenge: string | undefined;
  const watching: Egress = {
    async send(outgoing) {
      const sent = await egress.send(outgoing);
      answered ||= sent.ok;
      if (sent.ok && sent.value.status === 401) challenge = sent.value.headers['www-authenticate'] ?? '';
      return sent;
    },
  };
  const line = lineTo(watching, { url, headers: {}, secrets: [], orgId: '', session: '', timeoutMs });
  const started = performance.now();
  const met = await meet(line);
  const latency_ms = Math.round(performance.now() - started);
  const read = met.ok ? fitting(await readFrom(line, met.value)) : met;
  const versions = met.ok ? met.value.supported.slice(0, 20) : [];
  const report: ProbeReport = {
    url,
    reachable: answered,
    ...(met.ok ? { transport: 'streamable-http' as const } : {}),
    protocol_versions: versions.map((version) => version.slice(0, cut.version)),
    auth: challenge === undefined ? { required: false } : await authFound(egress, url, challenge),
    ...(read.ok ? shown(read.value) : { tools: [] }),
    refused_tools: [],
    latency_ms,
    ...(read.ok || !('message' in read.refusal) ? {} : { reason: read.refusal.message }),
  };
  return { report, ...(read.ok ? { definitions: read.value } : {}) };
}

type Read = Omit<Definitions, 'latencyMs'>;

/** Definitions that an answer can carry. */
const fitting = (read: Result<Read, Refusal>): Result<Read, Refusal> =>
  read.ok && renderJson(read.value).length > mostDefinitions
    ? upstream('upstream_too_large', 'The definitions of the server are too long to be read.')
    : read;

/** What a report shows of definitions: names, and texts that are not too long. */
const shown = ({ snapshot: { tools, prompts, resources, instructions } }: Read) => ({
  tools: tools.map(({ name, description }) => ({
    name: name.slice(0, cut.name),
    ...(typeof description === 'string' ? { description: description.slice(0, cut.description) } : {}),
  })),
  ...(prompts && { prompts: prompts.map(({ name }) => name.slice(0, cut.name)) }),
  ...(resources && { resources: resources.map(({ uri }) => uri.slice(0, cut.name)) }),
  ...(instructions !== undefined && { instructions: instructions.slice(0, cut.description) }),
});
