import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Stack } from '../template/stack.ts';
import type { Call } from './call.ts';
import { gatewayAnswers, type Refused } from './refusal.ts';

const GatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.coerce.number().optional(),
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).optional(),
});
type GatewayResponse = z.infer<typeof GatewayResponse>;

/** Answers a request in the API's own name. */
export type AnswerRefusal = (response: ServerResponse, call: Call, refused: Refused) => void;

/** `context.*` as gateway responses may name it; `undefined` where this request has none. */
function variable(path: string, call: Call, refused: Refused): string | undefined {
  const message = gatewayAnswers[refused.refused][1];
  if (path.startsWith('authorizer.')) return refused.authorizer?.[path.slice('authorizer.'.length)];
  const known: Readonly<Record<string, string>> = {
    'error.message': message,
    'error.messageString': JSON.stringify(message),
    'error.responseType': refused.refused,
    requestId: call.requestId,
    extendedRequestId: call.requestId,
    httpMethod: call.httpMethod,
    path: call.path,
    'identity.sourceIp': call.sourceIp,
  };
  return known[path];
}

/** Value of a response parameter: `'text'` or `context.*`. */
function parameter(mapping: string, call: Call, refused: Refused): string | undefined {
  const literal = /^'(.*)'$/s.exec(mapping);
  return literal ? literal[1] : variable(mapping.replace(/^context\./, ''), call, refused);
}

/** Reads the template's gateway responses. Throws on a header mapping it does not know. */
export function gatewayResponses(stack: Stack): AnswerRefusal {
  const declared = new Map<string, GatewayResponse>();
  for (const { id, properties } of stack.resources(GatewayResponse, 'AWS::ApiGateway::GatewayResponse')) {
    declared.set(properties.ResponseType, properties);
    for (const mapping of Object.values(properties.ResponseParameters))
      if (!/^('.*'|context\..+)$/s.test(mapping))
        throw new Error(`gateway response ${id} maps ${mapping}: not served locally`);
  }
  return (response, call, refused) => {
    const [defaultStatus] = gatewayAnswers[refused.refused];
    const rest = declared.get(defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const own = declared.get(refused.refused) ?? rest;
    response.statusCode = own?.StatusCode ?? defaultStatus;
    const [type, template] = Object.entries(own?.ResponseTemplates ?? {})[0] ?? [
      'application/json',
      '{"message":$context.error.messageString}',
    ];
    response.setHeader('content-type', type);
    response.setHeader('x-amzn-requestid', call.requestId);
    for (const [target, mapping] of Object.entries(own?.ResponseParameters ?? {})) {
      const value = parameter(mapping, call, refused);
      if (value !== undefined) response.setHeader(target.replace('gatewayresponse.header.', ''), value);
    }
    response.end(
      template.replace(
        /\$context\.([A-Za-z]+(?:\.[A-Za-z_]+)*)/g,
        (_, path: string) => variable(path, call, refused) ?? '',
      ),
    );
  };
}
