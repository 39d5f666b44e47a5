/** What stands where a secret was. */
const mark = '[secret]';

/** Shapes that only secrets have: each begins with letters that its issuer chose so that it can be found. */
const shapes: readonly RegExp[] = [
  // This gateway.
  /\bxct_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}/g,
  // A JSON Web Token (RFC 7519): base64url of `{"`, three parts. Only at the start of a run: it is read once then.
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  // AWS access key ids, and the secret beside its usual name.
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /(?<=aws_?secret_?access_?key["']?\s{0,9}[:=]\s{0,9}["']?)[0-9A-Za-z/+]{40}/gi,
  // GitHub, GitLab, Slack, npm.
  /\bgh[opsru]_[0-9A-Za-z]{30,}/g,
  /\bgithub_pat_\w{22,}/g,
  /\bglpat-[\w-]{20,}/g,
  /\bxox[abeprs]-[\w-]{10,}/g,
  /\bnpm_[0-9A-Za-z]{36}/g,
  // OpenAI, Anthropic and others that follow them; Google; Stripe.
  /\bsk-[\w-]{20,}/g,
  /\bAIza[\w-]{35}/g,
  /\b[rs]k_live_[0-9A-Za-z]{20,}/g,
  // A private key (RFC 7468).
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}-----END [A-Z ]{0,30}PRIVATE KEY-----/g,
];

/** A text without keys of this gateway and tokens of known shapes (CL-16): a tool's result is read by a model. */
export const withoutTokens = (text: string): string => shapes.reduce((rest, shape) => rest.replace(shape, mark), text);
