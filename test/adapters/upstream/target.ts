import type { Upstream, UpstreamRequest, UpstreamTarget } from '../../../lambdas/ports/upstream.ts';

process.env['LOOPBACK_UPSTREAMS'] = 'allow';

/** A target without a credential, with its own session. */
export const targetOf = (url: string, more: Partial<UpstreamTarget> = {}): UpstreamTarget => ({
  url,
  headers: {},
  secrets: [],
  orgId: 'default',
  session: url,
  timeoutMs: 5000,
  ...more,
});

/** Calls a tool. */
export const callTool = (
  upstream: Pick<Upstream, 'ask'>,
  target: UpstreamTarget,
  { name, arguments: args, ...extras }: ToolCall,
) => upstream.ask(target, { method: 'tools/call', params: { name, arguments: args }, ...extras });
interface ToolCall extends Omit<UpstreamRequest, 'method' | 'params'> {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The result of a tool that said one text. */
export const said = (value: string) => ({ resultType: 'complete', content: [{ type: 'text', text: value }] });

/** The value of a granted result, or an error with the refusal's code and message. */
export function granted<T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

const running: { close(): Promise<void> }[] = [];
/** Remembers a server for `stopAll`. */
export async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  running.push(server);
  return server;
}
/** Ends all servers that were started. */
export const stopAll = () => Promise.all(running.splice(0).map((server) => server.close()));
