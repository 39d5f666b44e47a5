import { type Finding, riskReport, type Subject } from '../../../../lambdas/domain/approval/risk/index.ts';
import type { Snapshot, ToolDefinition } from '../../../../lambdas/domain/definition.ts';

/** A tool that gives no reason for a finding. */
export const tool = (more: Record<string, unknown> = {}, name = 'look_up'): ToolDefinition => ({
  name,
  description: 'Finds a thing by its number.',
  inputSchema: { type: 'object', properties: { number: { type: 'integer' } } },
  ...more,
});

/** The org's other servers. */
export const servers = [
  { alias: 'github', url: 'https://api.github.example/mcp', tools: ['search_issues', 'search'] },
  { alias: 'crm-1', url: 'https://crm-1.corp.example/mcp', tools: ['findContact'] },
];

/** A server at a known origin with one harmless tool. */
export const subjectOf = ({
  snapshot,
  ...more
}: Partial<Omit<Subject, 'snapshot'>> & { snapshot?: Partial<Snapshot> } = {}): Subject => ({
  alias: 'weather',
  url: 'https://crm-1.corp.example/weather',
  servers,
  snapshot: { tools: [tool()], ...snapshot },
  refused_tools: [],
  refused_offers: [],
  ...more,
});

/** The findings of one kind. */
export const findingsOf = (kind: string, subject: Subject): readonly Finding[] =>
  riskReport(subject).filter((finding) => finding.kind === kind);

/** The findings of one kind about a single text. */
export const about = (kind: string, description: string): readonly Finding[] =>
  findingsOf(kind, subjectOf({ snapshot: { tools: [tool({ description })] } }));
