import type { Caller } from '../../domain/caller.ts';
import type { HeaderOf } from '../../domain/protocol/envelope.ts';
import type { Params } from '../../domain/protocol/jsonrpc.ts';
import type { Era } from '../../domain/protocol/revision.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { Snapshots, Worlds } from '../../ports/table.ts';
import type { Notification, Signal } from '../../ports/upstream.ts';
import type { Seal } from '../../ports/vault.ts';
import type { CallPorts } from '../call.ts';
import type { Scope } from '../resolve.ts';

/** One HTTP request at an MCP door. */
export interface McpRequest {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly header: HeaderOf;
  readonly requestId: string;
  readonly text: string;
  /** `{set}` of the URL; absent at `/mcp`. */
  readonly set: string | undefined;
  /** The longest that a server may take on this door. */
  readonly maxTimeoutMs: number;
  /** The refusal for a fault that comes when the answer has begun, so that nobody else can turn it into a status. */
  readonly refuse: (fault: unknown) => Refusal;
}

/** What the MCP doors ask of the world. */
export interface RelayPorts extends CallPorts {
  readonly worlds: Worlds;
  readonly snapshots: Snapshots;
  readonly seal: Seal;
}

/** How a message of a client is spoken back to while it is under way. */
export interface Exchange {
  /** Sends a notification before the answer, where the client takes events. */
  tell(notification: Notification): void;
  /** Aborted when the client has left. */
  readonly signal: Signal;
}

/** What a method is asked with. */
export interface Asked extends Exchange {
  readonly params: Params;
  readonly era: Era;
  readonly version: string;
  readonly scope: Scope;
  readonly request: McpRequest;
  readonly ports: RelayPorts;
}

/** One MCP method, answered within a scope. To add one: a function of this type in a file here, its name in index.ts. */
export type Method = (asked: Asked) => Promise<Result<Params, Refusal>>;
