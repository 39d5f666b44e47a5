import type { IncomingMessage } from 'node:http';

/** Repeated header names or query parameters with all their values, in the order they came. */
export type MultiValue = Readonly<Record<string, readonly string[]>>;

/** A request as the API sees it, behind the distribution. */
export interface Call {
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The method that counts: `X-HTTP-Method-Override` where it is sent, as API Gateway honours it. */
  readonly httpMethod: string;
  /** The path as sent, without the stage, still percent-encoded. */
  readonly path: string;
  readonly headers: MultiValue;
  readonly query: MultiValue;
  readonly sourceIp: string;
  /** Bytes of the request line and the headers, as the client sent them. */
  readonly headerBytes: number;
}

/** API Gateway's limit on request line and headers together, in bytes. */
export const maxHeaderBytes = 10_240;

/** Headers that CloudFront keeps for the hop or writes itself (`Host` becomes the API's own name). */
const hop = [
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What the distribution in front does to a request: the API's host name and the origin's custom headers. */
export interface Distribution {
  readonly host: string;
  readonly originHeaders: Readonly<Record<string, string>>;
}

function group(pairs: Iterable<readonly [string, string]>, fold: (name: string) => string): MultiValue {
  const spelling = new Map<string, string>();
  const grouped: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const key = spelling.get(fold(name)) ?? name;
    spelling.set(fold(name), key);
    grouped[key] ??= [];
    grouped[key].push(value);
  }
  return grouped;
}

function* pairs(raw: readonly string[]): Generator<[string, string]> {
  for (let at = 0; at + 1 < raw.length; at += 2) yield [raw[at]!, raw[at + 1]!];
}

/** Values of a header whatever its case. */
export function headerValues(headers: MultiValue, name: string): readonly string[] {
  const key = Object.keys(headers).find((header) => header.toLowerCase() === name);
  return key === undefined ? [] : headers[key]!;
}

/** Reads the head of a request the way it reaches the API: the client's own copies of origin headers are dropped first. */
export function readCall(request: IncomingMessage, distribution: Distribution, requestId: string, now: number): Call {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const secret = Object.keys(distribution.originHeaders).map((name) => name.toLowerCase());
  const dropped = new Set([...hop, ...secret, 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
  const sent = [...pairs(request.rawHeaders)];
  const forwardedFor = sent.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value);
  const headers = group(
    [
      ...sent.filter(([name]) => !dropped.has(name.toLowerCase())),
      ...Object.entries(distribution.originHeaders),
      ['Host', distribution.host],
      ['X-Forwarded-For', [...forwardedFor, sourceIp].join(', ')],
      ['X-Forwarded-Port', '443'],
      ['X-Forwarded-Proto', 'https'],
    ],
    (name) => name.toLowerCase(),
  );
  return {
    requestId,
    receivedAt: now,
    httpMethod: headerValues(headers, 'x-http-method-override').at(-1) ?? request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    headers,
    query: group(new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)), (name) => name),
    sourceIp,
    headerBytes: sent.reduce(
      (sum, [name, value]) => sum + name.length + value.length + 4,
      target.length + (request.method?.length ?? 0) + 12,
    ),
  };
}
