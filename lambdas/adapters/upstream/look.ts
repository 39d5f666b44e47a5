import type { Probe } from '../../ports/upstream.ts';
import { type Egress, egress as guarded } from '../egress/egress.ts';
import { authFound } from './challenge.ts';
import { askPeer, meet } from './era.ts';
import { listAll } from './list.ts';
import { lineTo } from './rpc.ts';

type Report = Awaited<ReturnType<Probe['look']>>;

/** A look is over sooner than a call: somebody waits for it in a form. */
const timeoutMs = 10_000;
/** The report goes through a Lambda answer (6 MB), however long the texts of a server are. */
const cut = { version: 32, name: 300, description: 4096 };

/** Looks at a URL as a stranger: which revisions it speaks, what authentication it wants, which tools it shows. */
export async function look(url: string, egress: Egress = guarded): Promise<Report> {
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
  const tools = met.ok
    ? await listAll('tools', (method, params) => askPeer(line, met.value.peer, method, params))
    : met;
  const versions = met.ok ? met.value.supported.slice(0, 20) : [];
  return {
    url,
    reachable: answered,
    ...(met.ok ? { transport: 'streamable-http' as const } : {}),
    protocol_versions: versions.map((version) => version.slice(0, cut.version)),
    auth: challenge === undefined ? { required: false } : await authFound(egress, url, challenge),
    tools: (tools.ok ? tools.value : []).map(({ name, description }) => ({
      name: name.slice(0, cut.name),
      ...(typeof description === 'string' ? { description: description.slice(0, cut.description) } : {}),
    })),
    refused_tools: [],
    latency_ms,
    ...(tools.ok || !('message' in tools.refusal) ? {} : { reason: tools.refusal.message }),
  };
}
