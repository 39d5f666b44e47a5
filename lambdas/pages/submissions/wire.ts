import type { infer as Infer } from 'zod';
import type { Me as MeShape } from '../../../contract/access.ts';
import type { ErrorEnvelope } from '../../../contract/errors.ts';
import type { SubmissionDetail, SubmissionRow } from '../../../contract/submission.ts';
import { survives } from '../../domain/protocol/decimal.ts';

/** Who is signed in. */
export type Me = Infer<typeof MeShape>;
/** A submission in the queue. */
export type Row = Infer<typeof SubmissionRow>;
/** A submission with its evidence. */
export type Detail = Infer<typeof SubmissionDetail>;
/** A part of the queue, newest first; the counts are of all. */
export interface Queue {
  readonly data: readonly Row[];
  readonly counts: Readonly<Partial<Record<Row['status'], number>>>;
  readonly next_cursor?: string;
}

/** What a reviewer can send: the last segment of its route. */
export type Act = 'approve' | 'request-changes' | 'reject' | 'credentials';

/** Why there is no answer; `status` is 0 where the gateway could not be reached. */
export interface Failure {
  readonly ok: false;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly request_id?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
/** What the gateway answered. */
export type Answer<T> = { readonly ok: true; readonly body: T } | Failure;
/** One request to the gateway that served this page. */
export type Ask = <T>(method: string, path: string, body?: unknown) => Promise<Answer<T>>;

/** JSON with source text access (ECMAScript 2026), which the compiler's library does not declare yet. */
const source = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, revive: (key: string, value: unknown, context: { readonly source: string }) => unknown): unknown;
};

/** Parses an answer; a number that a double would change (`maximum` of a schema) keeps its digits. */
const parseExact = (text: string): unknown =>
  source.parse(text, (_key, value, context) =>
    typeof value === 'number' && !survives(context.source) ? source.rawJSON(context.source) : value,
  );

/** Requests with a key, which goes in a header and nowhere else. */
export const connect =
  (send: typeof globalThis.fetch, key: string): Ask =>
  async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    try {
      const answer = await send(path, {
        method,
        credentials: 'omit',
        redirect: 'error',
        cache: 'no-store',
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const read = parseExact(await answer.text());
      return answer.ok ? { ok: true, body: read as T } : failed(answer.status, read as Infer<typeof ErrorEnvelope>);
    } catch {
      return {
        ok: false,
        status: 0,
        code: 'unreachable',
        message: 'The gateway did not answer in a way this page can read.',
      };
    }
  };

const failed = (status: number, { error }: Infer<typeof ErrorEnvelope>): Failure => ({
  ok: false,
  status,
  code: error.code,
  message: error.message,
  request_id: error.request_id,
  ...(error.details === undefined ? {} : { details: error.details }),
});
