import { capabilitiesOf, covers } from '../domain/protocol/capabilities.ts';
import { parseFault, rpcFault, unknownMethod } from '../domain/protocol/errors.ts';
import { parseJson } from '../domain/protocol/json.ts';
import {
  badRequest,
  errorMessage,
  type Params,
  type RpcFault,
  type RpcId,
  readMessage,
  resultMessage,
  rpcCode,
} from '../domain/protocol/jsonrpc.ts';
import { type Era, readRevision } from '../domain/protocol/revision.ts';
import { acceptsEvents } from '../domain/protocol/sse.ts';
import type { Result } from '../domain/result.ts';
import { openLeave } from './leave.ts';
import { methods } from './methods/index.ts';
import type { Exchange, McpRequest, RelayPorts } from './methods/method.ts';
import { resolveScope } from './resolve.ts';
import { answerOrStream, type McpAnswer } from './stream.ts';

/** A request of a client, read. */
interface Read {
  readonly id: RpcId;
  readonly method: string;
  readonly params: Params;
  readonly era: Era;
  readonly version: string;
}

/** One message in, one answer out, in either protocol era: nothing is kept between two requests. */
export async function relay(request: McpRequest, ports: RelayPorts): Promise<McpAnswer> {
  const json = parseJson(request.text);
  if (!json.ok) return answerFault(null, parseFault(json.refusal));
  const message = readMessage(json.value);
  if (!message.ok) return answerFault(message.refusal.id, message.refusal);
  const asked = message.value.kind === 'request' ? message.value : undefined;
  const revision = readRevision(message.value, request.header);
  if (!revision.ok) return answerFault(asked?.id ?? null, revision.refusal);
  if (!asked) return { status: 202 };
  const { id } = asked;
  const work = async (exchange: Exchange): Promise<McpAnswer> => {
    const result = await dispatch({ ...asked, ...revision.value }, exchange, request, ports);
    return result.ok ? { status: 200, body: resultMessage(id, result.value) } : answerFault(id, result.refusal);
  };
  if (!acceptsEvents(request.headers['accept'])) return work({ tell: () => {}, signal: openLeave().signal });
  return answerOrStream(work, (fault) => errorMessage(id, rpcFault(request.refuse(fault), request.requestId).error));
}

const answerFault = (id: RpcId | null, { error, ...under }: RpcFault): McpAnswer => ({
  ...under,
  body: errorMessage(id, error),
});

/** Every method is answered within the scope of the caller and the URL, so none is answered outside it. */
async function dispatch(
  { method: name, params, era, version }: Read,
  exchange: Exchange,
  request: McpRequest,
  ports: RelayPorts,
): Promise<Result<Params, RpcFault>> {
  const method = Object.hasOwn(methods[era], name) ? methods[era][name] : undefined;
  if (!method) return { ok: false, refusal: unknownMethod(era) };
  const narrow = request.header('x-mcp-servers');
  const listed = narrow === undefined ? [] : [{ param: 'x-mcp-servers', names: narrow }];
  const scope = await resolveScope(request.caller, { path: request.set, listed }, ports.clock(), ports.worlds);
  if (!scope.ok) return { ok: false, refusal: rpcFault(scope.refusal, request.requestId, era) };
  if (!covers(capabilitiesOf(scope.value.offered), name)) return { ok: false, refusal: unknownMethod(era) };
  const answer = await method({ params, era, version, scope: scope.value, request, ports, ...exchange });
  return answer.ok ? answer : { ok: false, refusal: rpcFault(answer.refusal, request.requestId, era) };
}

/** The body of a 405: GET streams and DELETE belong to sessions, of which there are none. */
export const notServed = errorMessage(null, badRequest(rpcCode.refused, 'Only POST is served here.').error);
