import { isReservedField } from '../protocol/field-names.ts';
import type { ServerRecord } from '../records.ts';
import { invalid, type Refusal } from '../refusal.ts';

/** What of a server decides about header names. */
export type HeaderSettings = Pick<ServerRecord, 'auth' | 'static_headers' | 'extra_headers'>;

/** What a caller sends to prove itself to us, or to another server through us. */
const callersOwn = /^(?:authorization|x-mcp-.*)$/i;

/** Whether a static header may have this name: everything but the connection's, the protocol's and ours. */
const isStaticName = (name: string): boolean => !isReservedField(name);

/** Whether a caller's header of this name may be forwarded: also nothing that proves the caller to us. */
const isExtraName = (name: string): boolean => !isReservedField(name) && !callersOwn.test(name);

/** The first header name that a server may not have; `modeHeader` is the one its auth mode sets, and nobody else may. */
export function headerFault(server: HeaderSettings, modeHeader: string | undefined): Refusal | undefined {
  const refuse = (param: string, why: string): Refusal => invalid(`${param} ${why}`, param).refusal;
  const reserved = 'is a header that the connection, MCP or this gateway sets.';
  if (server.auth.header !== undefined && !isStaticName(server.auth.header)) return refuse('auth.header', reserved);
  const seen = new Set<string>();
  for (const name of Object.keys(server.static_headers)) {
    const param = `static_headers.${name}`;
    if (!isStaticName(name)) return refuse(param, reserved);
    if (name.toLowerCase() === modeHeader) return refuse(param, 'is the header that the auth mode sets.');
    if (seen.has(name.toLowerCase())) return refuse(param, 'is there twice.');
    seen.add(name.toLowerCase());
  }
  for (const name of server.extra_headers) {
    const param = `extra_headers.${name}`;
    if (!isExtraName(name)) return refuse(param, 'is a header that is never forwarded.');
    if (name.toLowerCase() === modeHeader) return refuse(param, 'is the header that the auth mode sets.');
  }
  return undefined;
}
