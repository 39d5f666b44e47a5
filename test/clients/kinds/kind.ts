/** How a tool call ended for a client: the texts of its content. */
export interface Called {
  readonly text: string;
  readonly isError: boolean;
}

/** A client that is connected. */
export interface Session {
  /** Names of the tools, as the client offers them to a model. */
  list(): Promise<readonly string[]>;
  call(name: string, args: Readonly<Record<string, unknown>>): Promise<Called>;
  close(): Promise<void>;
}

/** Where a client connects and with which key; `home` is a folder that it may write to. */
export interface Place {
  readonly url: string;
  readonly key: string;
  readonly home: string;
}

/** A client that nobody here wrote. A new one is a file here and its name in `index.ts`. */
export interface Kind {
  readonly name: string;
  /** The revision it asks the gateway for. */
  readonly revision: string;
  connect(place: Place): Promise<Session>;
}

/** The header a key goes in. */
export const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

/** Reads an MCP CallToolResult. */
export function called(result: Readonly<Record<string, unknown>>): Called {
  const blocks = Array.isArray(result['content']) ? (result['content'] as { readonly text?: string }[]) : [];
  return { text: blocks.map(({ text }) => text ?? '').join(''), isError: result['isError'] === true };
}
