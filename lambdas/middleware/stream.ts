import { Readable } from 'node:stream';
import type { Pieces } from '../domain/protocol/sse.ts';

/**
 * The body of an answer that goes out piece by piece. A reader that goes away is told to `pieces` at once; `ended` is
 * called once, when all is written or the reader has gone.
 */
export function readableOf(pieces: Pieces, ended: (left: boolean) => void): Readable {
  const body = new Readable({ read: () => {} });
  body.on('close', () => {
    pieces.leave();
    ended(!body.readableEnded);
  });
  const write = (piece: string | null): void => {
    if (!body.destroyed) body.push(piece);
  };
  void pieces.run(write).then(() => write(null));
  return body;
}
