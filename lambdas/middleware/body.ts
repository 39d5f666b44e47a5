import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Schema } from '../../contract/route.ts';
import { parseJson } from '../domain/protocol/json.ts';
import { invalid, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { HeaderValues } from './event.ts';

/** 1 MB: the largest request body of every route but chat (product §10). */
const maxBodyBytes = 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as text: base64 undone, size, media type and encoding checked before anything is parsed. */
export function readText(event: APIGatewayProxyEvent, headers: HeaderValues): Result<string, Refusal> {
  const body = event.body ?? '';
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes)
    return { ok: false, refusal: { code: 'too_large', message: 'The request body is over 1 MB.' } };
  const types = headers['content-type'] ?? [];
  const [type = '', ...parameters] = (types[0] ?? '').toLowerCase().split(';');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  if (types.length > 1 || type.trim() !== 'application/json' || (charset && !/^charset="?utf-8"?$/.test(charset)))
    return unsupported('The body must be application/json in UTF-8.');
  try {
    return ok(utf8.decode(bytes));
  } catch {
    return invalid('The body is not valid UTF-8.');
  }
}

const unsupported = (message: string): Result<never, Refusal> => ({
  ok: false,
  refusal: { code: 'unsupported_media_type', message },
});

/** The body as the route's schema wants it; an error names the first field that breaks a rule. */
export function readBody<B>(schema: Schema<B>, event: APIGatewayProxyEvent, headers: HeaderValues): Result<B, Refusal> {
  const text = readText(event, headers);
  if (!text.ok) return text;
  const json = parseJson(text.value);
  if (!json.ok) return invalid(`The body is not acceptable JSON: ${json.refusal}.`);
  return check(schema, json.value);
}

/** The query as the route's schema wants it; a repeated parameter is refused. */
export function readQuery<Q>(schema: Schema<Q>, event: APIGatewayProxyEvent): Result<Q, Refusal> {
  const entries = Object.entries(event.multiValueQueryStringParameters ?? {});
  const repeated = entries.find(([, values]) => values && values.length > 1);
  if (repeated) return invalid(`${repeated[0]} is given more than once.`, repeated[0]);
  return check(schema, Object.fromEntries(entries.map(([name, values]) => [name, values?.[0] ?? ''])));
}

function check<T>(schema: Schema<T>, value: unknown): Result<T, Refusal> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0]!;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const param = path.map(String).join('.');
  const rule = issue.code === 'unrecognized_keys' ? 'is not a field of this request' : issue.message;
  return param === '' ? invalid(`The request is not acceptable: ${rule}.`) : invalid(`${param}: ${rule}.`, param);
}
