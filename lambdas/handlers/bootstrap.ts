import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { bootstrap as bootstrapRoute } from '../../contract/site.ts';
import { bootstrapToken, clock, originSecret, records, secrets, sha256, tiers } from '../compose.ts';
import { messageOf } from '../domain/refusal.ts';
import { ok } from '../domain/result.ts';
import { bootstrap, type Founding, recover } from '../govern/bootstrap.ts';
import { on, serve } from '../middleware/serve.ts';

const founding = (requestId: string): Founding => ({
  requestId,
  now: clock(),
  records: records(),
  secrets: secrets(),
  tiers: tiers(),
  sha256,
  bootstrapToken,
});

const door = serve(
  [
    on(bootstrapRoute, async ({ body, requestId }) => {
      const made = await bootstrap(founding(requestId), body);
      return made.ok ? ok({ status: bootstrapRoute.status ?? 200, body: made.value }) : made;
    }),
  ],
  { originSecret },
);

/**
 * `POST /v1/bootstrap` by API Gateway; invoked directly, which takes an IAM permission, `{"recover": true}` answers a new
 * operator key. No event that came through the door lacks a `requestContext`.
 */
export const handler = async (event: APIGatewayProxyEvent | { readonly recover: true }, context: Context) => {
  if ('requestContext' in event) return door(event, context);
  if (event.recover !== true)
    throw new Error('Not an event of this function: {"recover": true} makes an operator key.');
  const made = await recover(founding(context.awsRequestId));
  if (!made.ok) throw new Error(messageOf(made.refusal));
  return made.value;
};
