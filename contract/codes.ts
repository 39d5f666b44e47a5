/** Every error code of the wire contract with its HTTP status; the one place where the two meet. */
export const statusByCode = {
  invalid_request: 400,
  unknown_server: 400,
  header_mismatch: 400,
  unauthorized: 401,
  budget_exceeded: 402,
  forbidden: 403,
  not_admin: 403,
  own_submission: 403,
  subject_token_required: 403,
  tool_definition_changed: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  result_not_stored: 409,
  gone: 410,
  account_not_connected: 412,
  too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  quota_exceeded: 429,
  rate_limited: 429,
  internal_error: 500,
  upstream_refused: 502,
  upstream_redirect: 502,
  upstream_too_large: 502,
  upstream_protocol: 502,
  upstream_denied: 502,
  upstream_auth_failed: 502,
  model_error: 502,
  unavailable: 503,
  upstream_timeout: 504,
} as const;

export type ErrorCode = keyof typeof statusByCode;

/** The `type` of OpenAI's error object, derived from the status. */
export const errorType = (status: number): string =>
  status === 401
    ? 'authentication_error'
    : status === 403
      ? 'permission_error'
      : status === 429
        ? 'rate_limit_error'
        : status < 500
          ? 'invalid_request_error'
          : 'server_error';
