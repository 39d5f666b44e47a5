/** Reads the current value of a secret by name or ARN. */
export type ReadSecret = (secretId: string) => Promise<string>;

/** CloudFormation's `{{resolve:secretsmanager:secret-id:SecretString:json-key:version-stage:version-id}}`; an ARN has colons of its own. */
const reference =
  /\{\{resolve:secretsmanager:(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:}]+|[^:}]+)(?::SecretString(?::([^:}]*))?(?::[^:}]*){0,2})?\}\}/;

/** A text with its dynamic references replaced. Throws when a secret or its field is missing; the error names it, never a value. */
export async function resolveReferences(text: string, readSecret: ReadSecret): Promise<string> {
  const found = reference.exec(text);
  if (found === null) {
    if (text.includes('{{resolve:')) throw new Error('the template holds a dynamic reference of an unknown kind');
    return text;
  }
  const [whole, secretId, field] = found;
  const secret = await readSecret(secretId!);
  const value = field ? fieldOf(secret, secretId!, field) : secret;
  const rest = await resolveReferences(text.slice(found.index + whole.length), readSecret);
  return text.slice(0, found.index) + value + rest;
}

function fieldOf(secret: string, secretId: string, field: string): string {
  const value = (JSON.parse(secret) as Readonly<Record<string, unknown>>)[field];
  if (typeof value !== 'string') throw new Error(`secret ${secretId} has no field ${field}`);
  return value;
}
