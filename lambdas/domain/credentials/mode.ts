import type { AuthSettings, Credentials } from '../../../contract/auth.ts';

/** A shared credential as the vault keeps it: bound to the origin it was stored for. */
export interface StoredCredential extends Credentials {
  readonly origin: string;
}

/** A value for the mode's header, and the strings in it that must never come back in an answer. */
export interface Shown {
  readonly value: string;
  readonly secrets: readonly string[];
}

/**
 * How a server wants its callers to prove themselves. A new mode is a file that exports a `Mode`, and its name under its
 * `auth_type` in `index.ts`.
 */
export interface Mode {
  /** Fields of `credentials` without which it cannot work; it takes no others, but `secrets`. */
  readonly needs: readonly ('secret' | 'username' | 'password')[];
  /** Fields of `auth` that it reads. */
  readonly settings: readonly (keyof AuthSettings)[];
  /** The header it sets, lower-case; `undefined` where it sets none. */
  readonly header: (auth: AuthSettings) => string | undefined;
  /** The header's value; `undefined` where the credential lacks a field. */
  readonly show: (credential: Credentials, auth: AuthSettings) => Shown | undefined;
}
