import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Wires } from '../../../lambdas/adapters/egress/dial.ts';
import { selfSigned } from './certificate.ts';

/** An HTTPS server on 127.0.0.1 that the egress client takes for one on the public internet. */
export interface PublicUpstream {
  /** Wires that lead to it: `lookup` answers what `addresses` gives, every dial arrives here. */
  readonly wires: Wires;
  /** Host names that were looked up. */
  readonly lookups: string[];
  /** Addresses that were dialled, with their port. */
  readonly dialled: string[];
  /** Requests that arrived: host header, SNI, authorization, path. */
  readonly requests: { host?: string; sni: unknown; authorization?: string; path?: string }[];
  /** Connections that arrived, and bytes read on them before TLS ended them. */
  readonly connections: Socket[];
  close(): Promise<void>;
}

/** Starts it for `hosts`; `addresses` is asked at every lookup, `peer` says which peer a dialled socket claims. */
export async function publicUpstream(
  hosts: readonly string[],
  {
    addresses = () => ['8.8.8.8'],
    peer = (address) => address,
    answer = (_request, response) => response.end('{}'),
  }: {
    readonly addresses?: () => readonly string[];
    readonly peer?: (address: string) => string;
    readonly answer?: (request: IncomingMessage, response: ServerResponse) => unknown;
  } = {},
): Promise<PublicUpstream> {
  const { key, cert } = selfSigned(hosts);
  const lookups: string[] = [];
  const dialled: string[] = [];
  const requests: PublicUpstream['requests'] = [];
  const connections: Socket[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    requests.push({
      ...(request.headers.host === undefined ? {} : { host: request.headers.host }),
      ...(request.headers.authorization === undefined ? {} : { authorization: request.headers.authorization }),
      ...(request.url === undefined ? {} : { path: request.url }),
      sni: (request.socket as unknown as { servername: unknown }).servername,
    });
    request.resume();
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => connections.push(socket)).on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    lookups,
    dialled,
    requests,
    connections,
    wires: {
      ca: cert,
      lookup: async (host) => {
        lookups.push(host);
        return addresses();
      },
      connect: (address, asked) => {
        dialled.push(`${address}:${asked}`);
        const socket = connect(port, '127.0.0.1');
        Object.defineProperty(socket, 'remoteAddress', { get: () => peer(address) });
        return socket;
      },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
