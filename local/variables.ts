/** Services that functions reach by an endpoint on this machine, with the variable by which an AWS SDK client learns it. */
const variables = {
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  secretsManager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  lambda: 'AWS_ENDPOINT_URL_LAMBDA',
  apiGateway: 'AWS_ENDPOINT_URL_API_GATEWAY',
  eventBridge: 'AWS_ENDPOINT_URL_EVENTBRIDGE',
  stepFunctions: 'AWS_ENDPOINT_URL_SFN',
} as const;

/** Where each service is. */
export type Endpoints = Readonly<Record<keyof typeof variables, string>>;

/** What every function's environment has on this machine alone: credentials that open nothing, endpoints, loopback upstreams. */
export const localVariables = (endpoints: Endpoints): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  LOOPBACK_UPSTREAMS: 'allow',
  ...Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [variable, endpoints[name as keyof Endpoints]]),
  ),
});
