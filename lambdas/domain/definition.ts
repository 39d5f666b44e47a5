/** A tool definition as the upstream gave it (MCP Tool), other fields kept. */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly icons?: readonly unknown[];
  readonly [other: string]: unknown;
}

/** The definitions as approved, immutable under their hash. Prompts and resources join them with the relay. */
export interface Snapshot {
  readonly tools: readonly ToolDefinition[];
  readonly instructions?: string;
  readonly server_info?: Readonly<Record<string, unknown>>;
}
