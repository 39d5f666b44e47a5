import type { ProbeReport } from '../../../contract/probe.ts';
import { riskReport } from '../../domain/approval/risk/index.ts';
import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import type { Snapshot } from '../../domain/definition.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { Evidence } from '../../ports/approval.ts';
import type { Records } from '../../ports/table.ts';

/** What a reviewer is shown of definitions: the probe's report, and the risk report beside the org's other servers. */
export async function examine(
  records: Pick<Records, 'directory'>,
  server: ServerRecord,
  snapshot: Snapshot | undefined,
  probe: ProbeReport | undefined,
): Promise<Evidence> {
  const { servers } = await records.directory(server.org_id);
  const neighbours = servers.map(({ alias, url, tools }) => ({ alias, url, tools: tools.map(({ name }) => name) }));
  const findings = riskReport({
    alias: server.alias,
    url: server.url,
    snapshot: snapshot ?? { tools: [] },
    refused_tools: server.refused_tools,
    refused_offers: server.refused_offers ?? [],
    servers: neighbours,
    ...(probe === undefined ? {} : { auth: probe.auth }),
  });
  // The definitions are in the snapshot; the probe's own list would only be a second, cut one.
  return { findings, ...(probe === undefined ? {} : { probe: { ...probe, tools: [], refused_tools: [] } }) };
}

/** Findings by severity, for a list. */
export const riskOf = ({ findings }: Evidence): NonNullable<SubmissionRecord['risk']> =>
  Object.fromEntries(
    [...Map.groupBy(findings, ({ severity }) => severity)].map(([severity, of]) => [severity, of.length]),
  );
