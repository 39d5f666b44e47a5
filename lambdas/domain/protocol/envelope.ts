import { no, ok, type Result } from '../result.ts';
import { decodeField } from './headers.ts';
import { badRequest, isObject, type Message, type RpcFault, rpcCode } from './jsonrpc.ts';

/** Stateless revisions, newest first. */
export const modernRevisions = ['2026-07-28'] as const;
/** `_meta` keys of a request's envelope (MCP 2026-07-28). */
export const versionKey = 'io.modelcontextprotocol/protocolVersion';
/** The `_meta` key under which a modern request says what its client can be asked for. */
export const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';

/** Looks up a header of the request by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/** Which parameter the `Mcp-Name` header repeats. */
const nameSource: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

const mismatch = (message: string) => no(badRequest(rpcCode.headerMismatch, message));
const incomplete = (message: string) => no(badRequest(rpcCode.invalidParams, message));

/**
 * The revision of a modern message, after its envelope and the headers that repeat it were checked: `_meta` complete
 * (else -32602), `MCP-Protocol-Version`, `Mcp-Method` and `Mcp-Name` there and equal to the body (else -32020), revision
 * served (else -32022); HTTP 400 each. A notification needs no envelope and no headers, but those it has must agree.
 */
export function checkEnvelope(message: Message, header: HeaderOf): Result<string, RpcFault> {
  if (message.kind === 'response') {
    return no(badRequest(rpcCode.invalidRequest, 'This endpoint asks nothing: a response has no place here.'));
  }
  const meta = message.params['_meta'];
  const envelope = isObject(meta) ? meta : {};
  const named = header('mcp-protocol-version')?.trim();
  const claimed = envelope[versionKey] ?? (message.kind === 'notification' ? named : undefined);
  if (typeof claimed !== 'string') return incomplete(`_meta["${versionKey}"] must be a string.`);
  if (message.kind === 'request' && !isObject(envelope[capabilitiesKey])) {
    return incomplete(`_meta["${capabilitiesKey}"] must be an object.`);
  }
  if (named !== undefined && named !== claimed) return mismatch('MCP-Protocol-Version differs from the body.');
  const method = header('mcp-method')?.trim();
  if (method !== undefined && method !== message.method) return mismatch('Mcp-Method differs from the body.');
  const version = modernRevisions.find((served) => served === claimed);
  if (version === undefined) {
    return no(
      badRequest(rpcCode.unsupportedVersion, 'Unsupported protocol version.', {
        supported: [...modernRevisions],
        requested: claimed,
      }),
    );
  }
  if (message.kind === 'notification') return ok(version);
  if (named === undefined) return mismatch('The MCP-Protocol-Version header is missing.');
  if (method === undefined) return mismatch('The Mcp-Method header is missing.');
  return checkName(message, header('mcp-name')?.trim(), version);
}

/** Compares `Mcp-Name` with the parameter it repeats; methods without such a parameter need no header. */
function checkName(
  { method, params }: Extract<Message, { kind: 'request' }>,
  field: string | undefined,
  version: string,
): Result<string, RpcFault> {
  const source = Object.hasOwn(nameSource, method) ? nameSource[method] : undefined;
  const value = source === undefined ? undefined : params[source];
  if (typeof value !== 'string') return ok(version);
  if (field === undefined) return mismatch('The Mcp-Name header is missing.');
  const name = decodeField(field);
  if (name === undefined) return mismatch('Mcp-Name is not base64 of UTF-8.');
  return name === value ? ok(version) : mismatch('Mcp-Name differs from the body.');
}
