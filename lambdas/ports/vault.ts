import type { ServerRecord } from '../domain/records.ts';

/** A shared credential as kept in Secrets Manager: bound to the origin it was stored for. */
export interface StoredCredential {
  readonly origin: string;
  readonly secret?: string;
  readonly username?: string;
  readonly password?: string;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Secrets Manager. `fresh` goes past the memory (at most five minutes). */
export interface Vault {
  read(
    server: Pick<ServerRecord, 'org_id' | 'id'>,
    options?: { fresh?: boolean },
  ): Promise<StoredCredential | undefined>;
  write(server: Pick<ServerRecord, 'org_id' | 'id'>, credential: StoredCredential): Promise<void>;
  remove(server: Pick<ServerRecord, 'org_id' | 'id'>): Promise<void>;
  /** Whether the service answers. */
  check(): Promise<void>;
}

/** The peppered HMAC of key secrets, and where randomness comes from. */
export interface Secrets {
  /** HMAC-SHA-256, hex, with pepper `version`, or the current one. */
  hmac(secret: string, version?: string): Promise<{ hmac: string; pepper: string }>;
  /** Constant-time comparison of two hex strings. */
  equal(a: string, b: string): boolean;
  /** `length` characters of base62. */
  random(length: number): string;
}

/** AEAD over what leaves and comes back: cursors now, states later. `purpose` and `bound` are authenticated, not readable. */
export interface Seal {
  seal(purpose: string, bound: string, value: unknown): Promise<string>;
  /** undefined for anything not sealed by this deployment for this purpose and this `bound`. */
  open(purpose: string, bound: string, sealed: string): Promise<unknown>;
}
