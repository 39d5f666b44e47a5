import { connect } from 'node:net';

/** An answer read from the socket. */
export interface WireAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * Writes a request byte by byte as given, for what no HTTP client would send: repeated headers, unnormalised paths, a
 * length that lies. `Host` is added unless `headers` have one. Reads until the gateway closes or `settleMs` pass.
 */
export function wire(
  url: string,
  line: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = '',
  settleMs = 5_000,
): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const host = headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: ${hostname}:${port}`];
  const framed = headers.some((header) => /^(?:content-length|transfer-encoding):/i.test(header));
  const length = body.length === 0 || framed ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`${line} HTTP/1.1`, ...host, ...headers, ...length, 'Connection: close', '', ''].join('\r\n');
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const timer = setTimeout(() => socket.destroy(), settleMs);
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    // A gateway that refuses an upload may cut the connection while it is still being sent.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      const [first = '', ...rest] = text.split('\r\n\r\n');
      const raw = rest.join('\r\n\r\n');
      const body = /^transfer-encoding: chunked$/im.test(first) ? unchunked(raw) : raw;
      resolve({ status: Number(first.split(' ')[1] ?? 0), head: first, body });
    });
    socket.write(head);
    socket.write(body);
  });
}

/** A body without its chunk sizes (RFC 9112 §7.1); lengths are counted in characters, so ASCII only. */
function unchunked(raw: string): string {
  const end = raw.indexOf('\r\n');
  const size = Number.parseInt(raw.slice(0, end), 16);
  return size > 0 ? raw.slice(end + 2, end + 2 + size) + unchunked(raw.slice(end + 4 + size)) : '';
}
