import { bearerToken } from './bearer.ts';
import { readKey } from './key-format.ts';
import type { Proof } from './proof.ts';

/** `x-xct-api-key: xct_…`, for callers whose `Authorization` is someone else's. */
export const apiKeyHeader: Proof = {
  header: 'x-xct-api-key',
  read: (value) => readKey(value) ?? 'malformed',
};

/** LiteLLM's header for the same, with or without `Bearer`. */
export const litellmHeader: Proof = {
  header: 'x-litellm-api-key',
  read: (value) => readKey(bearerToken(value) ?? value) ?? 'malformed',
};
