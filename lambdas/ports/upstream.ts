import type { ProbeReport } from '../../contract/probe.ts';
import type { Snapshot } from '../domain/definition.ts';
import type { RpcError } from '../domain/protocol/jsonrpc.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';

/** Says when nobody waits for an answer any more: what is asked here of an `AbortSignal`, which is one. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Where a call goes and with what: built by the equip stage, nothing is added later. */
export interface UpstreamTarget {
  readonly url: string;
  /** All headers of ours for this upstream, credential included; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The strings that must not come back in an answer or an error. */
  readonly secrets: readonly string[];
  readonly orgId: string;
  /** Names the one legacy session this call may use: a digest of server, route, credential and principal. */
  readonly session: string;
  /** The revision the upstream spoke when pinned: spares a round trip. */
  readonly protocolVersion?: string;
  readonly timeoutMs: number;
  readonly signal?: Signal;
}

/** Why an upstream gave no result, with what the stages before and after need to know of it. */
export type UpstreamRefusal = Refusal & {
  /** The upstream's own authentication refused: a stored credential can be read again once. */
  readonly unauthorized?: true;
  /** The JSON-RPC error of the upstream that the client is to get; scrubbed, and at most 4,096 characters each. */
  readonly rpc?: RpcError;
  /** Certainly no byte of the request was sent; absent where some may have been. */
  readonly sent?: false;
  /** The upstream has answered the request; where neither stands, it may or may not have had it. */
  readonly answered?: true;
};

/** What a server showed of itself, before it is pinned. */
export interface Definitions {
  readonly snapshot: Snapshot;
  readonly protocolVersion: string;
  readonly latencyMs: number;
}

/** A notification that belongs to a request under way, such as `notifications/progress`. */
export interface Notification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A request for an upstream, in the upstream's own names and URIs. */
export interface UpstreamRequest {
  readonly method: 'tools/call' | 'prompts/get' | 'resources/read' | 'completion/complete';
  /** Everything but `_meta`; `inputResponses` and `requestState` of a continuation among it (MCP 2026-07-28, MRTR). */
  readonly params: Readonly<Record<string, unknown>>;
  /** What of the caller's `_meta` passes, its `progressToken` among it. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** Arguments to repeat as `Mcp-Param-*` toward a modern upstream. */
  readonly mirrored?: Readonly<Record<string, string>>;
  /** What a modern client can be asked for; declared to modern upstreams, never to legacy ones. */
  readonly clientCapabilities?: Readonly<Record<string, unknown>>;
  /** Gets the notifications of this request as they come. */
  readonly onNotification?: (notification: Notification) => void;
}

/** MCP over Streamable HTTP to servers, both eras. */
export interface Upstream {
  /** All definitions, pages followed up to the cap. */
  read(target: UpstreamTarget): Promise<Result<Definitions, UpstreamRefusal>>;
  /** The result as the upstream gave it: `resultType` is `complete` where it said nothing, or `input_required`. */
  ask(
    target: UpstreamTarget,
    request: UpstreamRequest,
  ): Promise<Result<Readonly<Record<string, unknown>>, UpstreamRefusal>>;
}

/** Sessions of legacy upstreams that outlive an environment, by `UpstreamTarget.session`. */
export interface Sessions {
  load(orgId: string, name: string): Promise<StoredSession | undefined>;
  save(orgId: string, name: string, session: StoredSession): Promise<void>;
  forget(orgId: string, name: string): Promise<void>;
}

/** What it takes to resume a legacy session with one POST. Kept sealed: the id alone is as good as a credential. */
export interface StoredSession {
  readonly id: string;
  readonly protocolVersion: string;
}

/** Checks a URL by the egress rules without dialling it; the reason when it may not be reached. */
export type CheckUrl = (url: string) => Result<URL, Refusal>;

/** What the probe saw, and the definitions where it could read them all. */
export interface Sight {
  readonly report: ProbeReport;
  readonly definitions?: Pick<Definitions, 'snapshot' | 'protocolVersion'>;
}

/** The probe function: looks at a URL with no credential of ours. */
export interface Probe {
  look(url: string): Promise<ProbeReport>;
  read(url: string): Promise<Sight>;
}
