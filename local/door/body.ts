import type { IncomingMessage } from 'node:http';

/** API Gateway's limit on a request body, in bytes. */
const maxBodyBytes = 10 * 1024 * 1024;

/** The whole body, or `undefined` as soon as it is past the limit. Throws when the client goes away. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Iterating would destroy the socket on leaving the loop, and with it the 413.
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) return void chunks.push(chunk);
      request.pause();
      resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}
