import type { Caller } from '../domain/caller.ts';
import type { HeaderOf } from '../domain/protocol/envelope.ts';
import type { Params } from '../domain/protocol/jsonrpc.ts';
import type { Era } from '../domain/protocol/revision.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { Snapshots, Worlds } from '../ports/table.ts';
import type { Seal } from '../ports/vault.ts';
import type { CallPorts } from './call.ts';
import type { Scope } from './resolve.ts';

/** One HTTP request at an MCP door. */
export interface McpRequest {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly header: HeaderOf;
  readonly requestId: string;
  readonly text: string;
  /** `{set}` of the URL; absent at `/mcp`. */
  readonly set: string | undefined;
}

export interface RelayPorts extends CallPorts {
  readonly worlds: Worlds;
  readonly snapshots: Snapshots;
  readonly seal: Seal;
}

/** What a method is asked with. */
interface Asked {
  readonly params: Params;
  readonly era: Era;
  readonly version: string;
  readonly scope: Scope;
  readonly request: McpRequest;
  readonly ports: RelayPorts;
}

/** One MCP method, answered within a scope. A new one is a function of this type and its name in `methods.ts`. */
export type Method = (asked: Asked) => Promise<Result<Params, Refusal>>;
