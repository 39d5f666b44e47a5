import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Incoming } from './egress.ts';

/** Reads the rest of a stream so that its connection can be used again; the deadline of the request bounds it. */
async function drain(body: Incoming): Promise<void> {
  for (;;) {
    const piece = await body.next();
    if (!piece.ok || piece.value === undefined) return;
  }
}

/**
 * Reads server-sent events (WHATWG HTML §9.2.6) until `find` gives something for the data of a `message` event;
 * undefined where the stream ends before.
 */
export async function findEvent<T>(
  body: Incoming,
  find: (data: string) => T | undefined,
): Promise<Result<T | undefined, Refusal>> {
  const decoder = new TextDecoder();
  let rest = '';
  let type = '';
  let data: string[] = [];
  for (;;) {
    const piece = await body.next();
    if (!piece.ok) return piece;
    if (piece.value === undefined) return ok(undefined);
    rest += decoder.decode(piece.value, { stream: true });
    // A carriage return at the end may be half of a line break: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        const found = data.length > 0 && (type === '' || type === 'message') ? find(data.join('\n')) : undefined;
        if (found !== undefined) {
          void drain(body);
          return ok(found);
        }
        type = '';
        data = [];
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line.startsWith('event:')) type = line.slice(6).trim();
    }
  }
}
