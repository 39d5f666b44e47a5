import type { Caller } from '../caller.ts';
import { isObject } from './jsonrpc.ts';

type Json = Readonly<Record<string, unknown>>;

/** 15 minutes: how long a person may take to answer before our `requestState` is void (product §5). */
export const stateLifeMs = 15 * 60_000;

/** Characters of a server's questions that a client which cannot be asked is told. */
const maxTold = 1_000;

/** Whether a result asks the client for input (MCP 2026-07-28, multi round-trip requests). */
export const isQuestion = (result: Json): boolean => result['resultType'] === 'input_required';

/** What a sealed `requestState` belongs to: another caller, server, method or name cannot use it (MP-15, MP-17). */
export const stateBinding = ({ org_id, key_id }: Caller, serverId: string, method: string, name: string): string =>
  JSON.stringify([org_id, key_id, serverId, method, name]);

/** The questions in one text, for a client whose revision of the protocol cannot be asked them. */
export function questionText({ inputRequests }: Json): string {
  const asked = Object.values(isObject(inputRequests) ? inputRequests : {}).flatMap((request) => {
    const params = isObject(request) ? request['params'] : undefined;
    return isObject(params) ? [params['message'], params['url']].filter((text) => typeof text === 'string') : [];
  });
  const why = 'The server asks for input, which a client can only give in MCP 2026-07-28 or later.';
  return asked.length === 0 ? why : `${why} It asks: ${asked.join(' ').slice(0, maxTold)}`;
}

/** The questions as the result of a tool that could not go on. */
export const questionAsError = (result: Json): Json => ({
  content: [{ type: 'text', text: questionText(result) }],
  isError: true,
});
