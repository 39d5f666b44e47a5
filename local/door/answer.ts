import type { ServerResponse } from 'node:http';
import { z } from 'zod';

/** A header value as text; what HTTP cannot carry makes the answer malformed. */
const Value = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .refine((text) => !/[^\t\x20-\x7e\x80-\xff]/.test(text));
const Name = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/);
const Headers = {
  headers: z.record(Name, Value).nullish(),
  multiValueHeaders: z.record(Name, z.array(Value)).nullish(),
};

/** What a buffered Lambda integration must answer; anything else is a malformed proxy response. */
export const ProxyAnswer = z.strictObject({
  statusCode: z.coerce.number().int().min(200).max(599),
  ...Headers,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** The JSON before the eight NULs of a streamed answer. */
export const Prelude = z.object({
  statusCode: z.number().int().min(200).max(599).default(200),
  ...Headers,
  cookies: z.array(Value).nullish(),
});

/** Response headers that API Gateway renames to `x-amzn-remapped-…` ("Important notes", table of headers). */
const remapped = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
]);
/** Response headers that it drops, and the lengths that HTTP writes itself. */
const dropped = new Set([
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Writes an integration's status and headers the way API Gateway passes them on. */
export function writeHead(
  response: ServerResponse,
  requestId: string,
  answer: z.infer<typeof ProxyAnswer> | z.infer<typeof Prelude>,
): void {
  const headers = new Map<string, readonly string[]>([['content-type', ['application/json']]]);
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name.toLowerCase(), [value]);
  for (const [name, values] of Object.entries(answer.multiValueHeaders ?? {})) headers.set(name.toLowerCase(), values);
  if ('cookies' in answer && answer.cookies) headers.set('set-cookie', answer.cookies);
  response.statusCode = answer.statusCode;
  response.setHeader('x-amzn-requestid', requestId);
  for (const [name, values] of headers)
    if (!dropped.has(name)) response.setHeader(remapped.has(name) ? `x-amzn-remapped-${name}` : name, values);
}
