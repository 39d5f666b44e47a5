import type { NamedTool } from '../names.ts';

/**
 * How a door names tools. A new style is a file that exports a `Style`, and its name in `index.ts`.
 */
export interface Style {
  /** Every tool of the set under the name it has there; `oneServer` where the set is exactly one alias. */
  readonly name: <T extends NamedTool>(tools: readonly T[], oneServer: boolean) => ReadonlyMap<string, T>;
}
