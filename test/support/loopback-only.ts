import net from 'node:net';
import { afterAll } from '@jest/globals';

const isLoopback = (host: string | undefined): boolean =>
  host === undefined || host === 'localhost' || host === '::1' || /^127\./.test(host);

const refused: string[] = [];
const connect = net.Socket.prototype.connect;

/** Any test that opens a connection outside loopback fails: the connection is refused and the file's run ends in an error. */
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const first = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { host?: string; path?: string } | number | string;
  const host =
    typeof first === 'object' ? (first.path === undefined ? first.host : undefined) : (args[1] as string | undefined);
  if (typeof first !== 'string' && typeof host === 'string' && !isLoopback(host)) {
    refused.push(host);
    throw new Error(`a test tried to connect to ${host}`);
  }
  return Reflect.apply(connect, this, args) as net.Socket;
} as typeof connect;

afterAll(() => {
  if (refused.length > 0) throw new Error(`connections outside loopback: ${refused.join(', ')}`);
});
