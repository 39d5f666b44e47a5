import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { localClient } from '../aws.ts';
import type { Perform } from '../emulators/step-functions/executions.ts';
import { withAwsErrors } from './aws.ts';

const operations = ['getItem', 'putItem', 'updateItem', 'deleteItem', 'query', 'transactWriteItems'] as const;

/** The tasks `aws-sdk:dynamodb:<operation>` on the DynamoDB of that endpoint. */
export function dynamoDbTasks(endpoint: string): Readonly<Record<string, Perform>> {
  const client = new DynamoDB(localClient(endpoint));
  const task = (operation: (typeof operations)[number]): Perform => {
    const run = client[operation].bind(client) as (input: unknown) => Promise<object & { $metadata?: unknown }>;
    return (parameters) =>
      withAwsErrors('DynamoDb', async () => {
        const { $metadata: _, ...answer } = await run(parameters);
        return answer;
      });
  };
  return Object.fromEntries(operations.map((name) => [`aws-sdk:dynamodb:${name}`, task(name)]));
}
