import { placeOf } from '../place.ts';
import type { Kind } from './finding.ts';

/** What a tool says of itself (MCP ToolAnnotations), where it is worth a thought. */
const hints = {
  destructiveHint: { severity: 'medium', explanation: 'The tool says that it can destroy or overwrite what is there.' },
  openWorldHint: { severity: 'low', explanation: 'The tool says that it reaches people or systems beyond its own.' },
} as const;

/** Tools that say they are destructive or of an open world. */
export const annotations: Kind = {
  name: 'annotation',
  find: ({ snapshot }) =>
    snapshot.tools.flatMap(({ name, annotations }) =>
      Object.entries(hints)
        .filter(([hint]) => annotations?.[hint] === true)
        .map(([hint, said]) => ({
          ...said,
          where: placeOf(`tool ${name}`, ['annotations', hint]),
          evidence: `${hint}: true`,
        })),
    ),
};
