import type { Answer } from '../upstreams/record.ts';

const local = new Set(['localhost', '127.0.0.1', '[::1]']);
const isLocal = (url: string): boolean => local.has(URL.parse(url)?.hostname ?? '');

/** Refuses requests by another name than this machine's: DNS rebinding. */
export const localOnly =
  (answer: Answer): Answer =>
  (request, response, seen) => {
    const { host, origin } = request.headers;
    if (isLocal(`http://${host}`) && (origin === undefined || isLocal(origin))) return answer(request, response, seen);
    return response.writeHead(403).end();
  };
