import { withoutTokens } from '../../domain/chat/scrub.ts';
import { parseJson } from '../../domain/protocol/json.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { type No, no } from '../../domain/result.ts';

/** Characters of a provider's own words that a caller is told. */
const maxTold = 500;
/** Statuses by which a provider says that the request itself is not acceptable. */
const callersFault: ReadonlySet<number> = new Set([400, 413, 422]);

/** 502 with what went wrong at the model. */
export const modelError = (message: string): No<Refusal> => no({ code: 'model_error', message });

/** What the guarded client refused, in terms of the model. */
export const unreachable = ({ code }: Refusal): No<Refusal> =>
  code === 'upstream_timeout'
    ? no({ code, message: 'The model did not answer in time.' })
    : modelError(`The model cannot be reached (${code}).`);

/** The message in a provider's error body, also in a list of one (Gemini); without the key and other tokens. */
export function toldBy(body: unknown, key: string): string {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const error = isObject(first) ? (first['error'] ?? first) : undefined;
  const message = isObject(error) ? error['message'] : error;
  const text = typeof message === 'string' ? message : '';
  return withoutTokens(key === '' ? text : text.replaceAll(key, '[secret]')).slice(0, maxTold);
}

/** A provider's refusal: 400 for what is wrong with the request, so that no client tries it again; 502 for the rest. */
export function refusedBy(status: number, text: string, key: string): No<Refusal> {
  const parsed = parseJson(text);
  const told = parsed.ok ? toldBy(parsed.value, key) : '';
  const said = told === '' ? '' : `: ${told}`;
  return callersFault.has(status)
    ? invalid(`The model refused the request${said}`)
    : modelError(`The model answered ${status}${said}`);
}
