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

/** A prompt as the upstream gave it (MCP Prompt), other fields kept. */
export interface PromptDefinition {
  readonly name: string;
  readonly [other: string]: unknown;
}

/** A resource as the upstream gave it (MCP Resource), other fields kept. */
export interface ResourceDefinition {
  readonly uri: string;
  readonly name: string;
  readonly [other: string]: unknown;
}

/** A resource template as the upstream gave it (MCP ResourceTemplate, RFC 6570), other fields kept. */
export interface ResourceTemplateDefinition {
  readonly uriTemplate: string;
  readonly name: string;
  readonly [other: string]: unknown;
}

/** The definitions as approved, immutable under their hash. What a server does not offer is absent. */
export interface Snapshot {
  readonly tools: readonly ToolDefinition[];
  readonly prompts?: readonly PromptDefinition[];
  readonly resources?: readonly ResourceDefinition[];
  readonly resource_templates?: readonly ResourceTemplateDefinition[];
  /** Whether the server completes arguments of its prompts and templates. */
  readonly completions?: true;
  readonly instructions?: string;
  readonly server_info?: Readonly<Record<string, unknown>>;
}

/** A tool of a server as the directory knows it; the whole definition is in the snapshot. */
export interface PinnedTool {
  readonly name: string;
  /** Arguments that a modern upstream wants mirrored as `Mcp-Param-*` headers: argument name → header suffix. */
  readonly mirrored?: Readonly<Record<string, string>>;
}
