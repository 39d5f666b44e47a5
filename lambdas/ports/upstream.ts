import type { ProbeReport } from '../../contract/probe.ts';
import type { ToolDefinition } from '../domain/definition.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';

/** Where a call goes and with what: built by the equip stage, nothing is added later. */
export interface UpstreamTarget {
  readonly url: string;
  /** All headers of ours for this upstream, credential included; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The strings that must not come back in an answer or an error. */
  readonly secrets: readonly string[];
  /** Identifies whose session this may share: server id, revision and a digest of the credential. */
  readonly session: string;
  /** The revision the upstream spoke when pinned: spares a round trip. */
  readonly protocolVersion?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A refusal by the upstream's own authentication, kept apart so that a stored credential can be read again once. */
export type UpstreamRefusal = Refusal & { readonly unauthorized?: true };

export interface Definitions {
  readonly snapshot: {
    readonly tools: readonly ToolDefinition[];
    readonly instructions?: string;
    readonly server_info?: Readonly<Record<string, unknown>>;
  };
  readonly protocolVersion: string;
  readonly latencyMs: number;
}

/** MCP over Streamable HTTP to servers, both eras. */
export interface Upstream {
  /** All definitions, pages followed up to the cap. */
  read(target: UpstreamTarget): Promise<Result<Definitions, UpstreamRefusal>>;
  /** MCP CallToolResult as the upstream gave it. */
  call(
    target: UpstreamTarget,
    call: {
      name: string;
      arguments: Readonly<Record<string, unknown>>;
      meta?: Readonly<Record<string, unknown>>;
      mirrored?: Readonly<Record<string, string>>;
    },
  ): Promise<Result<Readonly<Record<string, unknown>>, UpstreamRefusal>>;
}

/** Checks a URL by the egress rules without dialling it; the reason when it may not be reached. */
export type CheckUrl = (url: string) => Result<URL, Refusal>;

/** The probe function: looks at a URL with no credential of ours. */
export interface Probe {
  look(url: string): Promise<ProbeReport>;
}
