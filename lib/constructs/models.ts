import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { GatewayConfig } from '../config.ts';

/** ARN of a secret that was made by hand: Secrets Manager ends each with six characters at random. */
const secretArn = (scope: Construct, secretId: string): string =>
  secretId.startsWith('arn:')
    ? secretId
    : Stack.of(scope).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${secretId}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });

/** Reads the keys of the configured model providers and no other secret; nothing where none has one. */
export function readModelKeys(scope: Construct, models: GatewayConfig['models']): readonly PolicyStatement[] {
  const ids = new Set(models.flatMap(({ secret_id }) => secret_id ?? []));
  if (ids.size === 0) return [];
  return [
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [...ids].map((id) => secretArn(scope, id)),
    }),
  ];
}
