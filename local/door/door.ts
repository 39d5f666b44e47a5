import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ApiKey } from '../emulators/api-gateway/keys.ts';
import { type LambdaFunction, maxPayloadBytes } from '../lambda/pool.ts';
import { closeServer, listen } from '../listen.ts';
import type { ReadSecret } from '../template/dynamic-reference.ts';
import type { Stack } from '../template/stack.ts';
import { readUsagePlans } from '../template/usage-plans.ts';
import { authorize, readAuthorizers } from './authorizer.ts';
import { readBody } from './body.ts';
import { type Call, maxHeaderBytes, readCall } from './call.ts';
import { readDistribution } from './distribution.ts';
import { type ApiIdentity, decodeParameters, proxyEvent } from './event.ts';
import { gatewayResponses } from './gateway-response.ts';
import { answerBuffered, answerStreaming } from './integration.ts';
import { findMethod, readMethods } from './methods.ts';
import type { Refused } from './refusal.ts';
import { openUsage } from './usage.ts';

const Api = z.object({
  ApiKeySourceType: z.literal('AUTHORIZER').optional(),
  BinaryMediaTypes: z.tuple([z.literal('*/*')]),
});

/** What the door needs: the stack, how to read secrets, the functions, the API keys, the time. */
export interface DoorSettings {
  readonly stack: Stack;
  readonly readSecret: ReadSecret;
  readonly findFunction: (arn: string) => LambdaFunction | undefined;
  readonly findKey: (value: string) => ApiKey | undefined;
  readonly clock: Clock;
  readonly port?: number | undefined;
}

/** Serves the template's REST API on loopback as API Gateway behind CloudFront would. Throws on anything in the template it cannot serve. */
export async function openDoor(settings: DoorSettings): Promise<{ url: string; close(): Promise<void> }> {
  const { stack, readSecret, clock } = settings;
  const [api] = stack.resources(Api, 'AWS::ApiGateway::RestApi');
  const [stage] = stack.resources(z.object({ StageName: z.string() }), 'AWS::ApiGateway::Stage');
  if (api === undefined || stage === undefined) throw new Error(`${stack.assembly.stack} has no REST API with a stage`);
  const methods = readMethods(stack);
  const authorizers = readAuthorizers(stack);
  const admit = openUsage(readUsagePlans(stack), settings.findKey, clock);
  const answerRefusal = gatewayResponses(stack);
  const distribution = await readDistribution(stack, readSecret, api.id);
  const identity: ApiIdentity = { apiId: api.id, stageName: stage.properties.StageName, host: distribution.host };
  const functionOf = (arn: string | undefined): LambdaFunction => {
    const fn = settings.findFunction(arn ?? '');
    if (fn === undefined) throw new Error(`the API invokes ${arn}, which is not a function of the stack`);
    return fn;
  };
  for (const { functionArn, authorizerId } of methods) {
    functionOf(functionArn);
    if (authorizerId !== undefined) functionOf(authorizers.get(authorizerId));
  }

  async function serve(request: IncomingMessage, response: ServerResponse, call: Call): Promise<Refused | undefined> {
    if (call.headerBytes > maxHeaderBytes) return { refused: 'REQUEST_TOO_LARGE' };
    const found = findMethod(methods, call.httpMethod, call.path);
    if (found === undefined) return { refused: 'MISSING_AUTHENTICATION_TOKEN' };
    const parameters = decodeParameters(found.parameters);
    if (parameters === undefined) return { refused: 'BAD_REQUEST_PARAMETERS' };
    const body = await readBody(request);
    if (body === undefined) return { refused: 'REQUEST_TOO_LARGE' };
    const { method } = found;
    const event = proxyEvent(call, method, parameters, body, identity);
    let usageKey: string | undefined;
    if (method.authorizerId !== undefined) {
      const authorized = await authorize(functionOf(authorizers.get(method.authorizerId)), event, identity);
      if ('refused' in authorized) return authorized;
      event.requestContext.authorizer = authorized.context;
      usageKey = authorized.usageIdentifierKey;
    }
    if (method.apiKeyRequired) {
      const admitted = admit(usageKey);
      if ('refused' in admitted) return { ...admitted, authorizer: event.requestContext.authorizer ?? {} };
      event.requestContext.identity.apiKeyId = admitted.apiKeyId;
    }
    const text = JSON.stringify(event);
    if (Buffer.byteLength(text) > maxPayloadBytes) return { refused: 'REQUEST_TOO_LARGE' };
    const answer = method.streaming ? answerStreaming : answerBuffered;
    return answer(response, {
      fn: functionOf(method.functionArn),
      event: text,
      requestId: call.requestId,
      timeoutMilliseconds: method.timeoutMilliseconds,
    });
  }

  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    const call = readCall(request, distribution, randomUUID(), clock.now());
    serve(request, response, call)
      .then((refused) => {
        if (refused === undefined) return;
        // What is left of a refused upload is not read.
        if (refused.refused === 'REQUEST_TOO_LARGE') response.setHeader('connection', 'close');
        answerRefusal(response, call, refused);
      })
      .catch((error: unknown) => {
        // A client that goes away in mid-request is no fault of ours.
        if (!response.destroyed) console.error(error);
        response.destroy();
      });
  });
  const url = await listen(server, settings.port);
  return { url, close: () => closeServer(server) };
}
