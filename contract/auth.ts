import * as z from 'zod';

/** How the gateway proves itself to an upstream (product §4). */
export const AuthType = z.enum([
  'none',
  'api_key',
  'bearer_token',
  'basic',
  'oauth2',
  'oauth2_token_exchange',
  'delegate_auth_to_upstream',
]);
export type AuthType = z.infer<typeof AuthType>;

/** An HTTP field name (RFC 9110 §5.1). */
export const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'an HTTP field name');
/** A field value: visible ASCII, spaces and tabs inside (RFC 9110 §5.5), so that no line can be broken. */
export const HeaderValue = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/, 'visible ASCII, no line breaks');

/** Public settings of an auth mode; never a secret. */
export const AuthSettings = z.strictObject({
  /** `api_key`: the header that carries the secret; default `x-api-key`. */
  header: HeaderName.exactOptional(),
  /** `api_key`: the header's value with `{secret}` in it once; default `{secret}`. */
  template: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*\{secret\}[\x20-\x7e]*$/, 'visible ASCII with {secret} in it')
    .exactOptional(),
  /** `oauth2` family: read by the flows that a later version brings. */
  registration: z.enum(['discover', 'preregistered', 'dcr', 'approved-clients']).exactOptional(),
  authorization_server: z.url().max(2048).exactOptional(),
  scopes: z.array(z.string().max(200)).max(100).exactOptional(),
});
export type AuthSettings = z.infer<typeof AuthSettings>;

/** Write-only. `secret` for api_key and bearer_token, user name and password for basic, `secrets` for static headers. */
export const Credentials = z.strictObject({
  secret: HeaderValue.exactOptional(),
  username: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^:\p{Cc}]+$/u, 'no colon, no control characters (RFC 7617 §2)')
    .exactOptional(),
  password: z
    .string()
    .max(4096)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters (RFC 7617 §2)')
    .exactOptional(),
  /** Named secrets that static header values refer to as `{secrets.NAME}`. */
  secrets: z.record(z.string().regex(/^[A-Za-z0-9_]{1,64}$/), HeaderValue).exactOptional(),
});
export type Credentials = z.infer<typeof Credentials>;
