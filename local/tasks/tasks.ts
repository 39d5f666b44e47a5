import type { ApiGatewayOperation } from '../emulators/api-gateway/operations.ts';
import type { ApiGateway } from '../emulators/api-gateway/start.ts';
import type { EventBridge } from '../emulators/event-bridge/start.ts';
import type { Perform } from '../emulators/step-functions/executions.ts';
import type { LambdaFunction } from '../lambda/pool.ts';
import { apiGatewayTask } from './api-gateway.ts';
import { dynamoDbTasks } from './dynamodb.ts';
import { putEventsTask } from './events.ts';
import { invokeTask } from './lambda.ts';

const apiGatewayOperations: readonly ApiGatewayOperation[] = [
  'createApiKey',
  'getApiKey',
  'getApiKeys',
  'updateApiKey',
  'deleteApiKey',
  'getUsagePlans',
  'getUsagePlanKeys',
  'createUsagePlanKey',
  'deleteUsagePlanKey',
];

/** Everything a state machine of the stack may ask for, by its action (the resource without `arn:aws:states:::`). */
export const openTasks = (world: {
  readonly findFunction: (nameOrArn: string) => LambdaFunction | undefined;
  readonly apiGateway: ApiGateway;
  readonly eventBridge: EventBridge;
  readonly dynamodb: string;
}): Readonly<Record<string, Perform>> => ({
  'lambda:invoke': invokeTask(world.findFunction),
  'events:putEvents': putEventsTask(world.eventBridge),
  ...Object.fromEntries(
    apiGatewayOperations.map((name) => [`aws-sdk:apigateway:${name}`, apiGatewayTask(world.apiGateway, name)]),
  ),
  ...dynamoDbTasks(world.dynamodb),
});
