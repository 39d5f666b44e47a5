import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import type { Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import { refusalOf, tooLarge, unreadable } from './failures.ts';

/** The body of an answer, decoded; it can be read once, whole or piece by piece. */
export interface Body {
  text(): Promise<Result<string, Refusal>>;
  /** The next bytes as they come; undefined at the end. */
  next(): Promise<Result<Uint8Array | undefined, Refusal>>;
  /** Ends the exchange; needed wherever the body is not read to its end. */
  close(): void;
}

/** Loaded at the first compressed answer: most are not, and a cold start need not wait for it. */
const zlib = () => process.getBuiltinModule('node:zlib');
const decoders = new Map<string, () => Transform>([
  ['gzip', () => zlib().createGunzip()],
  ['x-gzip', () => zlib().createGunzip()],
  ['br', () => zlib().createBrotliDecompress()],
]);

/**
 * Opens the body of `answer`: at most `maxBytes` on the wire and after decoding. `why` tells the reason when we ended
 * the exchange ourselves.
 */
export function openBody(
  answer: IncomingMessage,
  maxBytes: number,
  why: () => Refusal | undefined,
): Result<Body, Refusal> {
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = decoders.get(encoding);
  if (encoding !== 'identity' && decoder === undefined) {
    answer.destroy();
    return no(unreadable);
  }
  const source: Readable = decoder ? pipeline(answer, decoder(), () => {}) : answer;
  let problem: Refusal | undefined;
  const limit = (stream: Readable): void => {
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      problem = tooLarge;
      answer.destroy();
      source.destroy();
    });
  };
  const failed = (error: Error) => no(problem ?? why() ?? refusalOf(error));
  // A compressed stream may also be endless while it decodes to nothing.
  if (decoder) limit(answer);

  const text = (): Promise<Result<string, Refusal>> =>
    new Promise((resolve) => {
      const chunks: Buffer[] = [];
      limit(source);
      source
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .once('end', () => resolve(ok(Buffer.concat(chunks).toString())))
        .once('error', (error) => resolve(failed(error)))
        // After a whole read there is nothing to say, and an Error with its stack costs more than the read.
        .once('close', () => source.readableEnded || resolve(failed(new Error('closed'))));
    });

  let reader: AsyncIterator<Buffer> | undefined;
  let read = 0;
  const next = async (): Promise<Result<Uint8Array | undefined, Refusal>> => {
    reader ??= source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      const { done, value } = await reader.next();
      if (done) return problem === undefined ? ok(undefined) : no(problem);
      read += value.length;
      if (read <= maxBytes) return ok(value);
      problem = tooLarge;
      answer.destroy();
      return no(problem);
    } catch (error) {
      return failed(error as Error);
    }
  };
  return ok({ text, next, close: () => answer.destroy() });
}
