import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Vault } from './vault.ts';

/** Reads servers' credentials. */
export const readCredentials = (vault: Vault): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [credentials(vault)] }),
  throughVault(vault, ['kms:Decrypt'], [credentials(vault)]),
];

/** Makes, reads, replaces and removes servers' credentials. */
export const keepCredentials = (vault: Vault): readonly PolicyStatement[] => [
  new PolicyStatement({
    actions: [
      'secretsmanager:CreateSecret',
      'secretsmanager:DeleteSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:RestoreSecret',
      'secretsmanager:TagResource',
    ],
    resources: [credentials(vault)],
  }),
  // Secrets Manager tries the key under this word before it makes a secret (its guide, "Validating KMS key access").
  throughVault(vault, ['kms:Decrypt', 'kms:GenerateDataKey'], [credentials(vault), 'RequestToValidateKeyAccess']),
];

/** Removes servers' credentials, and reads none. */
export const removeCredentials = (vault: Vault): PolicyStatement =>
  new PolicyStatement({ actions: ['secretsmanager:DeleteSecret'], resources: [credentials(vault)] });

/** ARNs of all servers' credentials of the stage. */
const credentials = ({ key, prefix }: Vault): string =>
  Stack.of(key).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The key works for Secrets Manager alone, and for these secrets alone: the context must be there and match. */
const throughVault = ({ key }: Vault, actions: string[], secretArns: string[]): PolicyStatement =>
  new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(key).region}.amazonaws.com` },
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArns },
    },
  });
