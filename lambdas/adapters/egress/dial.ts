import { lookup as systemLookup } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { isLoopback, isPublic } from './addresses.ts';

/** What dialling asks of the world; tests put their own in its place. */
export interface Wires {
  /** All addresses of a host name. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** Starts a TCP connection to an address literal. */
  readonly connect: (address: string, port: number) => Socket;
  /** Extra certificate authority, PEM. */
  readonly ca?: string;
}

/** The system's resolver and TCP. IPv4 comes first: functions outside a VPC have no IPv6 route. */
export const wires: Wires = {
  lookup: (host) =>
    new Promise((resolve, reject) => {
      systemLookup(host, { all: true, order: 'ipv4first' }, (error, found) =>
        error ? reject(error) : resolve(found.map((entry) => entry.address)),
      );
    }),
  connect: (address, port) => connect({ host: address, port, noDelay: true }),
};

/** A dial that hangs is given up after this; it counts toward the deadline of the request. */
const dialMs = 5000;

const coded = (code: string): Error => Object.assign(new Error('The egress rules refuse this connection.'), { code });

/** Waits for a stage of the connection; an error, a close or silence ends it. */
const settled = (socket: Socket, stage: 'connect' | 'secureConnect'): Promise<void> =>
  new Promise((resolve, reject) => {
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('error', finish).off('close', closed).off(stage, finish);
      if (error === undefined) resolve();
      else {
        // Keeps a late second error from being unhandled.
        socket.on('error', () => {}).destroy();
        reject(error);
      }
    };
    const closed = (): void => finish(coded('ECONNRESET'));
    const timer = setTimeout(() => finish(coded('ETIMEDOUT')), dialMs);
    socket.on('error', finish).on('close', closed).on(stage, finish);
  });

/**
 * Connects to a host: one lookup, every answer must be allowed, exactly the first is dialled, and the peer is checked
 * again before a byte is written. `https:` reaches public addresses with TLS, `http:` loopback only. Failures are
 * errors with a `code`.
 */
export async function dial(
  to: { readonly protocol: string; readonly host: string; readonly port: number },
  { lookup, connect, ca }: Wires,
): Promise<Socket> {
  const secure = to.protocol === 'https:';
  const allowed = secure ? isPublic : isLoopback;
  const literal = to.host === 'localhost' ? '127.0.0.1' : to.host;
  const addresses = isIP(literal) ? [literal] : await lookup(literal);
  const [address] = addresses;
  if (address === undefined || !addresses.every(allowed)) throw coded('EGRESS_ADDRESS');
  const socket = connect(address, to.port);
  await settled(socket, 'connect');
  if (!allowed(socket.remoteAddress ?? '')) {
    socket.destroy();
    throw coded('EGRESS_PEER');
  }
  if (!secure) return socket;
  const tls = startTls({
    socket,
    host: to.host,
    ...(isIP(to.host) ? {} : { servername: to.host }),
    ...(ca === undefined ? {} : { ca }),
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    // Said aloud so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
    rejectUnauthorized: true,
  });
  await settled(tls, 'secureConnect');
  return tls;
}
