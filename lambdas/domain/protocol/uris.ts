/** A resource by the alias of its server and the URI the server gives it. */
export interface ServerUri {
  readonly alias: string;
  readonly uri: string;
}

/**
 * The URI, or URI template (RFC 6570), of a server's resource where several servers share an endpoint:
 * `xct:{alias}:{uri}`.
 */
export const exposeUri = ({ alias, uri }: ServerUri): string => `xct:${alias}:${uri}`;

/** Takes such a URI apart again, exactly: an alias has no colon. `undefined` for any other. */
export function splitUri(exposed: string): ServerUri | undefined {
  const [, alias, uri] = /^xct:([^:]+):(.*)$/s.exec(exposed) ?? [];
  return alias === undefined || uri === undefined ? undefined : { alias, uri };
}
