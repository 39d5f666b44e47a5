import type { ServerResponse } from 'node:http';
import type { LambdaFunction } from '../lambda/pool.ts';
import { Prelude, ProxyAnswer, writeHead } from './answer.ts';
import type { Refused } from './refusal.ts';

/** API Gateway cuts a stream that is silent for so long (regional endpoint). */
const idleMilliseconds = 5 * 60_000;

/** The metadata of a streamed answer must end within its first 16 KB. */
const maxPreludeBytes = 16 * 1024;

/** One call of the function behind a method. */
export interface Integration {
  readonly fn: LambdaFunction;
  /** The proxy event as JSON. */
  readonly event: string;
  readonly requestId: string;
  readonly timeoutMilliseconds: number;
}

const timedOut = Symbol('timed out');

/** The outcome, or `timedOut`; the function is not told and runs on, as on AWS. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof timedOut> {
  const { promise, resolve } = Promise.withResolvers<typeof timedOut>();
  const timer = setTimeout(() => resolve(timedOut), milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Runs a buffered integration and writes its answer; a failed function or a malformed answer is refused with 502. */
export async function answerBuffered(response: ServerResponse, call: Integration): Promise<Refused | undefined> {
  const outcome = await within(call.timeoutMilliseconds, call.fn.invoke(call.event));
  if (outcome === timedOut) return { refused: 'INTEGRATION_TIMEOUT' };
  const answer = outcome.ok ? ProxyAnswer.safeParse(parse(outcome.payload)) : undefined;
  if (!answer?.success) return { refused: 'INTEGRATION_FAILURE' };
  const { body, isBase64Encoded } = answer.data;
  writeHead(response, call.requestId, answer.data);
  response.end(isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''));
  return undefined;
}

/** Runs a streaming integration: prelude, then each chunk as it comes, waiting for a slow reader. What fails before the prelude is refused, later the connection is cut. A client that leaves is not told to the function. */
export async function answerStreaming(response: ServerResponse, call: Integration): Promise<Refused | undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let malformed = false;
  let goOn = (): void => {};
  response.on('drain', () => goOn()).on('close', () => goOn());
  const silence = setTimeout(() => response.destroy(), idleMilliseconds);

  function begin(chunk: Uint8Array): Uint8Array {
    const read = Buffer.concat([head!, chunk]);
    head = read;
    const end = read.indexOf(Buffer.alloc(8));
    if (end < 0) {
      malformed = read.length > maxPreludeBytes;
      return Buffer.alloc(0);
    }
    const prelude = Prelude.safeParse(parse(read.subarray(0, end).toString()));
    malformed = !prelude.success;
    if (!prelude.success) return Buffer.alloc(0);
    writeHead(response, call.requestId, prelude.data);
    response.flushHeaders();
    head = undefined;
    return read.subarray(end + 8);
  }
  async function take(chunk: Uint8Array): Promise<void> {
    silence.refresh();
    // The client has its answer when the stream ends, whatever the function does after it.
    if (chunk.length === 0 && head === undefined && !malformed) response.end();
    const rest = malformed || response.destroyed ? Buffer.alloc(0) : head === undefined ? chunk : begin(chunk);
    if (rest.length === 0 || response.write(rest)) return;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  }
  const outcome = await within(call.timeoutMilliseconds, call.fn.invoke(call.event, take));
  clearTimeout(silence);
  if (head !== undefined) return { refused: outcome === timedOut ? 'INTEGRATION_TIMEOUT' : 'INTEGRATION_FAILURE' };
  if (outcome !== timedOut && outcome.ok) response.end();
  else response.destroy();
  return undefined;
}
