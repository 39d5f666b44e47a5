const modern = '2026-07-28';
const legacy = '2025-11-25';
const modernKey = 'io.modelcontextprotocol/protocolVersion';
/** Tools of each server: with 50 servers the 1,000 that the list is measured with. */
const toolsPerServer = 20;

/** A JSON-RPC request or notification as the upstream reads it. */
export interface Message {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: {
    readonly arguments?: { readonly message?: string };
    readonly protocolVersion?: string;
    readonly _meta?: Record<string, unknown>;
  };
}

const tools = Array.from({ length: toolsPerServer }, (_, at) => ({
  name: at === 0 ? 'echo' : `search_issues_${at}`,
  title: `Search issues ${at}`,
  description: `Searches the issues of a repository by text, label, state and author, and answers the ${at * 10} newest.`,
  inputSchema: {
    type: 'object',
    properties: {
      message: { type: 'string', description: 'What to look for, as people would type it.' },
      labels: { type: 'array', items: { type: 'string' }, description: 'Labels that all must be there.' },
      state: { type: 'string', enum: ['open', 'closed', 'all'] },
      limit: { type: 'integer', minimum: 1, maximum: 100 },
    },
    required: ['message'],
  },
  annotations: { readOnlyHint: true },
}));

function result(method: string, { params }: Message, isModern: boolean): object | undefined {
  const complete = isModern ? { resultType: 'complete' } : {};
  if (method === 'tools/call')
    return { ...complete, content: [{ type: 'text', text: params?.arguments?.message ?? '' }] };
  const cacheable = isModern ? { ttlMs: 60_000, cacheScope: 'private' } : {};
  if (method === 'tools/list') return { ...complete, ...cacheable, tools };
  const capabilities = { tools: {} };
  if (method === 'server/discover' && isModern)
    return { ...complete, ...cacheable, supportedVersions: [modern], capabilities };
  if (method === 'initialize')
    return {
      protocolVersion: params?.protocolVersion ?? legacy,
      capabilities,
      serverInfo: { name: 'bench', version: '1' },
    };
  return undefined;
}

/** The upstream's answer to a request, as JSON. Under `/legacy` it knows nothing of the modern era; elsewhere a message says which one it belongs to. */
export function answer(path: string, message: Message): string {
  const isModern = !path.startsWith('/legacy') && message.params?._meta?.[modernKey] !== undefined;
  const found = result(message.method, message, isModern);
  const body = found ? { result: found } : { error: { code: -32601, message: 'Method not found' } };
  return JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body });
}
