import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { awslambda, type ResponseStream } from '../local/lambda/response-stream.ts';
import type { GatewayProcess } from './gateway.ts';
import type { Answered } from './http.ts';

/** What is asked of a handler: a route, and what an HTTP client would send. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The gateway's functions as functions: the handlers of `lambdas/handlers` on the stores of the running gateway. */
export interface Handlers {
  /** Asks the authorizer about a key; answers the caller as it goes into the request context, or rejects. */
  authorize(key: string): Promise<string>;
  rest(event: APIGatewayProxyEvent): Promise<Answered>;
  mcp(event: APIGatewayProxyEvent): Promise<Answered>;
  /** `onText` gets each piece as it is written. */
  chat(event: APIGatewayProxyEvent, onText?: (piece: string) => void): Promise<Answered>;
}

/** What CloudFront and API Gateway add to the headers of a request. */
const added = {
  host: 'd111111abcdef8.cloudfront.net',
  'user-agent': 'bench/1',
  via: '1.1 0123456789abcdef.cloudfront.net (CloudFront)',
  'x-amz-cf-id': 'bJxdH2ycC_w2CkxBRuB41qqFsGYjM9o2K0sVBsRlmLdhYbTHwzZa5w==',
  'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678',
  'x-forwarded-for': '203.0.113.7, 203.0.113.8',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
};

const multiple = (headers: Readonly<Record<string, string>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries({ ...added, ...headers }).map(([name, value]) => [name, [value]]));

/** The proxy event of a request that the authorizer let through. */
export const eventOf = ({ method, path, headers = {}, body }: Asked, caller: string): APIGatewayProxyEvent =>
  ({
    resource: path,
    path,
    httpMethod: method,
    multiValueHeaders: multiple(body === undefined ? headers : { 'content-type': 'application/json', ...headers }),
    multiValueQueryStringParameters: null,
    pathParameters: null,
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
    requestContext: { requestId: randomUUID(), authorizer: { caller } },
  }) as unknown as APIGatewayProxyEvent;

/** The event as it comes in once more: a new object, as every invocation brings. */
const again = (event: APIGatewayProxyEvent): APIGatewayProxyEvent => ({
  ...event,
  requestContext: { ...event.requestContext },
});

/** Runs a streaming handler as the Node runtime does, and collects what it writes behind the prelude. */
async function collect(
  run: (stream: ResponseStream) => Promise<unknown>,
  onText: (piece: string) => void = () => {},
): Promise<Answered> {
  const chunks: Buffer[] = [];
  let head = '';
  const stream: ResponseStream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        const before = stream._onBeforeFirstWrite;
        stream._onBeforeFirstWrite = undefined;
        before?.((part) => {
          if (typeof part === 'string') head = part;
        });
        chunks.push(chunk);
        onText(chunk.toString());
        done();
      },
    }),
    { setContentType: () => {} },
  );
  await run(stream);
  return { status: JSON.parse(head).statusCode, text: Buffer.concat(chunks).toString() };
}

const answered = ({ statusCode, body }: APIGatewayProxyResult): Answered => ({ status: statusCode, text: body });

/** Loads the handlers into this process with the environment of the stack's functions. */
export async function openHandlers({ url, endpoints, functions, originSecret }: GatewayProcess): Promise<Handlers> {
  for (const name of ['tools', 'mcp', 'chat', 'authorizer'])
    Object.assign(process.env, functions.find(({ shortName }) => shortName === name)?.env);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    LOOPBACK_UPSTREAMS: 'allow',
    PUBLIC_URL: url,
  });
  Object.assign(globalThis, { awslambda });
  const { handler: authorizer } = await import('../lambdas/handlers/authorizer.ts');
  const { handler: tools } = await import('../lambdas/handlers/tools.ts');
  const { handler: mcp } = await import('../lambdas/handlers/mcp.ts');
  const { handler: chat } = await import('../lambdas/handlers/chat.ts');
  // Middy types a handler by its middlewares; Lambda calls all of them in this form.
  type Run = (event: object, second: object, third?: object) => Promise<unknown>;
  const [runAuthorizer, runTools, runMcp, runChat] = [authorizer, tools, mcp, chat] as unknown as [Run, Run, Run, Run];
  return {
    async authorize(key) {
      const headers = multiple({ authorization: `Bearer ${key}`, 'x-xct-origin': originSecret });
      const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:api/dev/POST/mcp';
      const verdict = await runAuthorizer({ type: 'REQUEST', methodArn, multiValueHeaders: headers }, {});
      return (verdict as { context: { caller: string } }).context.caller;
    },
    rest: async (event) => answered((await runTools(again(event), {})) as APIGatewayProxyResult),
    mcp: (event) => collect((stream) => runMcp(again(event), stream, {})),
    chat: (event, onText) => collect((stream) => runChat(again(event), stream, {}), onText),
  };
}
