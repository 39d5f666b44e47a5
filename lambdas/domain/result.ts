/** The answer of a step that may be refused: `if (!x.ok) return x;` hands a refusal on unchanged. */
export type Result<T, R> = Ok<T> | No<R>;
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}
export interface No<R> {
  readonly ok: false;
  readonly refusal: R;
}

/** A granted answer. */
export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** A refusal, as a value. */
export const no = <R>(refusal: R): No<R> => ({ ok: false, refusal });
