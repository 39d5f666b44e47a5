import type { APIGatewayProxyEvent } from 'aws-lambda';
import { z } from 'zod';
import { account, region } from '../aws.ts';
import type { LambdaFunction } from '../lambda/pool.ts';
import type { Stack } from '../template/stack.ts';
import type { ApiIdentity } from './event.ts';
import { functionOfUri } from './methods.ts';
import type { AuthorizerContext, Refused } from './refusal.ts';

const Authorizer = z.object({
  Type: z.literal('REQUEST'),
  AuthorizerUri: z.string(),
  AuthorizerResultTtlInSeconds: z.literal(0),
  IdentitySource: z.undefined().optional(),
});

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Answer = z.object({
  principalId: z.string().min(1),
  policyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: oneOrMore, Resource: oneOrMore })),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  usageIdentifierKey: z.string().nullish(),
});

/** What an authorizer let through; `context` has only flat strings. */
export interface Authorized {
  readonly context: AuthorizerContext;
  readonly usageIdentifierKey: string | undefined;
}

/** Authorizer functions by their logical id. Throws on one with a cache or an identity source: the local door has neither. */
export function readAuthorizers(stack: Stack): ReadonlyMap<string, string> {
  return new Map(
    stack
      .resources(Authorizer, 'AWS::ApiGateway::Authorizer')
      .map(({ id, properties }) => [id, functionOfUri(properties.AuthorizerUri)]),
  );
}

/** IAM's wildcards: `*` any text, `?` one character. */
function fits(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[\\^$.+()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(text);
}

/** Asks an authorizer about a request and reads its policy as API Gateway does. */
export async function authorize(
  fn: LambdaFunction,
  event: APIGatewayProxyEvent,
  api: ApiIdentity,
): Promise<Authorized | Refused> {
  const { body: _, isBase64Encoded: __, ...head } = event;
  const methodArn = `arn:aws:execute-api:${region}:${account}:${api.apiId}/${api.stageName}/${event.httpMethod}${event.path}`;
  const outcome = await fn.invoke(JSON.stringify({ type: 'REQUEST', methodArn, ...head }));
  if (!outcome.ok)
    return { refused: outcome.error.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE' };
  const answer = Answer.safeParse(JSON.parse(outcome.payload));
  if (!answer.success) return { refused: 'AUTHORIZER_CONFIGURATION_ERROR' };
  const { principalId, policyDocument, usageIdentifierKey } = answer.data;
  const context = { ...answer.data.context, principalId };
  const effects = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => fits(pattern, 'execute-api:Invoke')) &&
      Resource.some((pattern) => fits(pattern, methodArn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes('Deny') || !effects.includes('Allow')) return { refused: 'ACCESS_DENIED', authorizer: context };
  return { context, usageIdentifierKey: usageIdentifierKey ?? undefined };
}
