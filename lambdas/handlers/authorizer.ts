import middy from '@middy/core';
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { ownUsageKey, sharedUsageKey } from '../../contract/usage.ts';
import { clock, originSecret, principals, records, secrets, sha256 } from '../compose.ts';
import { type Authenticated, authenticate } from '../journey/authenticate.ts';
import { type HeaderValues, headersOf } from '../middleware/event.ts';
import { cameThroughDoor } from '../middleware/origin.ts';

/** How long a verdict may stand, counted from before its read: with the way to the door, a revocation holds in five seconds. */
const verdictMs = 4_000;
/** Verdicts kept by one environment; the oldest goes first. */
const maxVerdicts = 5_000;

interface Verdict {
  readonly until: number;
  /** Absent: refused. */
  readonly found?: Authenticated;
}
const verdicts = new Map<string, Verdict>();

/** The credential headers; the verdict is remembered for exactly these bytes. */
const credentialHeaders = ['authorization', 'x-xct-api-key', 'x-litellm-api-key'];

/**
 * Lambda authorizer (REQUEST, TTL 0): a live key gets an Allow for this method, the caller as context and the usage
 * plan's key; anything else the error `Unauthorized`, which API Gateway answers with its 401. A store that fails is
 * another error: API Gateway's AUTHORIZER_FAILURE, 503.
 */
export const handler = middy(async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
  const headers = headersOf({ multiValueHeaders: (event.multiValueHeaders ?? {}) as Record<string, string[]> });
  if (!(await cameThroughDoor(headers, originSecret))) throw new Error('Unauthorized');
  const found = await authenticated(headers);
  if (!found) throw new Error('Unauthorized');
  const { caller, countedBy } = found;
  const stage = process.env['STAGE'] ?? '';
  return {
    principalId: caller.key_id,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
    },
    context: { caller: JSON.stringify(caller) },
    usageIdentifierKey: countedBy === 'own' ? ownUsageKey(stage, caller.org_id) : sharedUsageKey(stage, caller.tier),
  };
});

async function authenticated(headers: HeaderValues): Promise<Authenticated | undefined> {
  const now = clock();
  const name = sha256(JSON.stringify(credentialHeaders.map((header) => headers[header] ?? [])));
  const known = verdicts.get(name);
  if (known && now < known.until) return known.found;
  const answer = await authenticate(headers, now, { records: records(), principals: principals(), secrets: secrets() });
  verdicts.delete(name);
  verdicts.set(name, { until: now + verdictMs, ...(answer.ok ? { found: answer.value } : {}) });
  if (verdicts.size > maxVerdicts) verdicts.delete(verdicts.keys().next().value!);
  return answer.ok ? answer.value : undefined;
}
