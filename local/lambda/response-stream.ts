import { Writable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import type { FromWorker } from './protocol.ts';

/** Bytes that may be on their way to the runner before a write has to wait. */
const window = 64 * 1024;

/** The mark that Lambda's runtime puts on a streaming handler. */
export const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

type Write = (chunk: string | Uint8Array) => void;

/** The stream a streaming handler is given; `_onBeforeFirstWrite` is the runtime's own hook for the prelude. */
export interface ResponseStream extends Writable {
  setContentType(type: string): void;
  _onBeforeFirstWrite?: ((write: Write) => void) | undefined;
}

/** A response stream with back-pressure: writes wait while more than a window is not `taken` by the runner. */
export function responseStream(port: MessagePort): { stream: ResponseStream; taken(bytes: number): void } {
  let pending = 0;
  let resume: (() => void) | undefined;
  const send: Write = (chunk) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : new Uint8Array(chunk);
    pending += bytes.length;
    port.postMessage({ kind: 'chunk', bytes } satisfies FromWorker);
  };
  const stream: ResponseStream = Object.assign(
    new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        const before = stream._onBeforeFirstWrite;
        stream._onBeforeFirstWrite = undefined;
        before?.(send);
        if (chunk.length > 0) send(chunk);
        if (pending < window) done();
        else resume = done;
      },
    }),
    { setContentType: () => {} },
  );
  return {
    stream,
    taken(bytes) {
      pending -= bytes;
      if (pending >= window) return;
      const go = resume;
      resume = undefined;
      go?.();
    },
  };
}

/** The global `awslambda` of the Node runtime. Like there, the prelude goes out with the first write, not before. */
export const awslambda = {
  streamifyResponse: (handler: object) => Object.assign(handler, { [streaming]: 'response' }),
  HttpResponseStream: {
    from(stream: ResponseStream, prelude: unknown): ResponseStream {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      const head = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(head);
        write(new Uint8Array(8));
      };
      return stream;
    },
  },
};
