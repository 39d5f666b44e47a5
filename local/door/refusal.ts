/** API Gateway's own answers, by the name of their gateway response, with its default status and message. */
export const gatewayAnswers = {
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  AUTHORIZER_FAILURE: [500, 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal server error'],
  INVALID_API_KEY: [403, 'Forbidden'],
  THROTTLED: [429, 'Too Many Requests'],
  QUOTA_EXCEEDED: [429, 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'Request Entity Too Large'],
  BAD_REQUEST_PARAMETERS: [400, 'Bad Request'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INTEGRATION_FAILURE: [502, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string]>;

/** Name of a gateway response. */
type GatewayAnswer = keyof typeof gatewayAnswers;

/** Flat strings that an authorizer hands on as `$context.authorizer.*`. */
export type AuthorizerContext = Readonly<Record<string, string>>;

/** A request that the API itself answers. */
export interface Refused {
  readonly refused: GatewayAnswer;
  readonly authorizer?: AuthorizerContext;
}
