/** The answer of a step that may be refused: `if (!x.ok) return x;` hands a refusal on unchanged. */
export type Result<T, R> = Ok<T> | No<R>;
/** A value that was granted. */
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}
/** A refusal that was given. */
export interface No<R> {
  readonly ok: false;
  readonly refusal: R;
}

/** A granted answer. */
export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** A refusal, as a value. */
export const no = <R>(refusal: R): No<R> => ({ ok: false, refusal });
