import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { no, ok, type Result } from '../../domain/result.ts';
import type { Signal } from '../../ports/upstream.ts';
import type { Clock } from '../../ports/world.ts';
import { type Body, openBody } from './body.ts';
import { dial, type Wires, wires } from './dial.ts';
import { type EgressRefusal, redirected, refusalOf, timedOut, unreadable } from './failures.ts';
import { outgoingHeaders } from './headers.ts';
import { type EgressSettings, readSettings } from './settings.ts';
import { checkUrl } from './url.ts';

/** 5 MB decoded: what fits into a Lambda answer (6 MB) with its envelope. */
const maxAnswerBytes = 5_000_000;
/** What a tool call takes at most where nothing else is said. */
const defaultTimeoutMs = 25_000;
/** Servers close idle connections after 5 s at the earliest (Node's default); a function may have been frozen meanwhile. */
const maxIdleMs = 4000;

/** URLs whose check is remembered; the rules are fixed for a process, and an org's servers are fewer. */
const maxPassed = 1_000;

/** A request to the outside. */
export interface Outgoing {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: Signal;
  /** From the first lookup to the last byte; default 25 s. */
  readonly timeoutMs?: number;
  /** Decoded; default 5 MB. */
  readonly maxBytes?: number;
}

/** An answer from the outside, whatever its status but a redirect. Header names are in lower case. */
export interface Incoming extends Body {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The guarded client: every byte to the outside goes through `send`. */
export interface Egress {
  send(outgoing: Outgoing): Promise<Result<Incoming, EgressRefusal>>;
}

/** A connection pool whose connections are all dialled by the guard. */
function openPool(protocol: string, how: Wires, now: Clock) {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 16 });
  const idleSince = new WeakMap<object, number>();
  agent.on('free', (socket: Socket) => idleSince.set(socket, now()));
  agent.createConnection = (to, connected) => {
    dial({ protocol, host: String(to.host), port: Number(to.port) }, how).then(
      (socket) => connected?.(null, socket),
      // Node passes the error on and reads no socket then.
      (error: Error) => connected?.(error, undefined as never),
    );
    return undefined;
  };
  return (host: string, port: number): Agent => {
    for (const socket of agent.freeSockets[agent.getName({ host, port })] ?? [])
      if (now() - (idleSince.get(socket) ?? 0) > maxIdleMs) socket.destroy();
    return agent;
  };
}

/** Opens a client with its own connections. Tests pass their own wires and clock; settings are read on first use. */
export function openEgress({ now = Date.now, ...own }: Partial<Wires> & { readonly now?: Clock } = {}): Egress {
  const how = { ...wires, ...own };
  const pools: Readonly<Record<string, ReturnType<typeof openPool>>> = {
    'https:': openPool('https:', how, now),
    'http:': openPool('http:', how, now),
  };
  let settings: EgressSettings | undefined;
  const passed = new Map<string, ReturnType<typeof checkUrl>>();

  return {
    async send(outgoing) {
      settings ??= readSettings();
      const checked = passed.get(outgoing.url) ?? checkUrl(outgoing.url, settings);
      if (!checked.ok) return no({ ...checked.refusal, sent: false });
      if (passed.size < maxPassed) passed.set(outgoing.url, checked);
      if (outgoing.signal?.aborted) return no({ ...timedOut, sent: false });
      const url = checked.value;
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const port = Number(url.port || 443);
      return exchange(url, outgoing, { host, port, agent: pools[url.protocol]!(host, port) });
    },
  };
}

function exchange(
  url: URL,
  { method, headers, body, signal, timeoutMs = defaultTimeoutMs, maxBytes = maxAnswerBytes }: Outgoing,
  to: { readonly host: string; readonly port: number; readonly agent: Agent },
): Promise<Result<Incoming, EgressRefusal>> {
  return new Promise((resolve) => {
    let why: EgressRefusal | undefined;
    const call = request({ ...to, method, path: url.pathname + url.search, headers: outgoingHeaders(url, headers) });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', expire);
    };
    // A request gets its socket when the guard has connected it, and cannot have been written before.
    const told = (refusal: EgressRefusal) => no(call.socket ? refusal : { ...refusal, sent: false as const });
    const expire = (): void => {
      why ??= timedOut;
      settle();
      const ended = told(timedOut);
      call.destroy();
      // A request without a socket yet says nothing when it is destroyed.
      resolve(ended);
    };
    const timer = setTimeout(expire, timeoutMs);
    signal?.addEventListener('abort', expire);
    call.once('close', () => {
      settle();
      // An answer that asks to switch protocols ends without a response and without an error.
      resolve(no(unreadable));
    });
    call.on('error', (error) => resolve(told(why ?? refusalOf(error))));
    call.once('response', (answer: IncomingMessage) => {
      // A late error belongs to the reader of the body, if there is one.
      answer.on('error', () => {});
      const status = answer.statusCode ?? 0;
      if (status >= 300 && status < 400) {
        answer.destroy();
        return resolve(no(redirected));
      }
      const opened = openBody(answer, maxBytes, () => why);
      resolve(opened.ok ? ok({ ...opened.value, status, headers: answer.headers as Incoming['headers'] }) : opened);
    });
    call.end(body);
  });
}

/** The client of this process. */
export const egress: Egress = openEgress();
