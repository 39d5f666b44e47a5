import { no, ok, type Result } from '../result.ts';
import { checkEnvelope, type HeaderOf, modernRevisions, versionKey } from './envelope.ts';
import { badRequest, isObject, type Message, type RpcFault, rpcCode } from './jsonrpc.ts';

/** Revisions with a handshake, newest first. */
export const legacyRevisions = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
/** What a legacy client without the header speaks (MCP 2025-06-18, Protocol Version Header). */
const assumedRevision = '2025-03-26';

/** `modern` is 2026-07-28 and later: stateless, one envelope per request; `legacy` begins with `initialize`. */
export type Era = 'modern' | 'legacy';

const isModern = (version: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= modernRevisions[0];

/** The revision for an `initialize`: the one asked for where it is served, else our newest (2024-11-05 is not served). */
export const negotiate = (requested: unknown): string =>
  legacyRevisions.find((version) => version === requested) ?? legacyRevisions[0];

/**
 * Which era a message belongs to: the body decides, the `MCP-Protocol-Version` header only where the body is silent.
 * `initialize` is the legacy handshake unless its envelope names a modern revision.
 */
export function eraOf(message: Message, header: HeaderOf): Era {
  const meta = message.kind === 'response' ? undefined : message.params['_meta'];
  const claimed = isObject(meta) ? meta[versionKey] : undefined;
  if (message.kind === 'request' && message.method === 'initialize') {
    return typeof claimed === 'string' && isModern(claimed) ? 'modern' : 'legacy';
  }
  if (claimed !== undefined) return 'modern';
  return isModern(header('mcp-protocol-version')?.trim() ?? '') ? 'modern' : 'legacy';
}

/** The era and revision a message is served in, or what is wrong with how it says so. */
export function readRevision(
  message: Message,
  header: HeaderOf,
): Result<{ readonly era: Era; readonly version: string }, RpcFault> {
  const named = header('mcp-protocol-version')?.trim();
  if (eraOf(message, header) === 'modern') {
    const version = checkEnvelope(message, header);
    return version.ok ? ok({ era: 'modern', version: version.value }) : version;
  }
  if (message.kind === 'request' && message.method === 'initialize') {
    if (named !== undefined && isModern(named)) {
      return no(badRequest(rpcCode.headerMismatch, `initialize does not belong to revision ${named}.`));
    }
    return ok({ era: 'legacy', version: negotiate(message.params['protocolVersion']) });
  }
  const version = legacyRevisions.find((served) => served === (named ?? assumedRevision));
  if (version !== undefined) return ok({ era: 'legacy', version });
  return no(
    badRequest(rpcCode.refused, 'Unsupported protocol version.', {
      supported: [...modernRevisions, ...legacyRevisions],
      requested: named,
    }),
  );
}
