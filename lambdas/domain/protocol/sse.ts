import { writeJson } from './text.ts';

/** A JSON-RPC message as a server-sent event (WHATWG HTML §9.2); JSON text has no line breaks of its own. */
export const messageEvent = (message: object): string => `event: message\ndata: ${writeJson(message)}\n\n`;

/** A comment that keeps a silent stream alive. */
export const pingComment = ': ping\n\n';

/** An answer that goes out piece by piece. */
export interface Pieces {
  /** Writes each piece as it comes; resolves after the last one and never rejects. Run once. */
  run(write: (piece: string) => void): Promise<void>;
  /** Nobody reads any more: what is under way for it ends. */
  leave(): void;
}

/** Whether the values of `Accept` name server-sent events. */
export const acceptsEvents = (accept: readonly string[] = []): boolean => /\btext\/event-stream\b/i.test(accept.join());
