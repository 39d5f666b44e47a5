import type { ApiGatewayOperation } from '../emulators/api-gateway/operations.ts';
import type { ApiGateway } from '../emulators/api-gateway/start.ts';
import type { Perform } from '../emulators/step-functions/executions.ts';
import { withAwsErrors } from './aws.ts';

/** A JSON value with every field's name changed. */
function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [rename(name), renamed(inner, rename)]));
}

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** The task `aws-sdk:apigateway:<operation>`; Step Functions spells every field with a capital. */
export const apiGatewayTask =
  ({ call }: ApiGateway, operation: ApiGatewayOperation): Perform =>
  async (parameters) =>
    renamed(await withAwsErrors('ApiGateway', () => call(operation, renamed(parameters, camel))), pascal);
