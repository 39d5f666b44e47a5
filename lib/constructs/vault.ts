import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** The deployment's own secrets, and where servers' credentials are kept. */
export interface Vault {
  /** Encrypts servers' credentials. */
  readonly key: Key;
  /** `{"current":"1","1":…}`: keys' secrets are hashed with it. */
  readonly pepper: Secret;
  /** `{"current":"1","1":…}`: seals what leaves and comes back. */
  readonly seal: Secret;
  /** `{"value":…}`: the one-time token of the first operator. */
  readonly bootstrap: Secret;
  /** `{"value":…}`: what the distribution adds to each request it forwards. */
  readonly origin: Secret;
  /** Name of a server's credential: `${prefix}${org_id}/${server_id}`. */
  readonly prefix: string;
}

const notRotated = {
  Pepper:
    'An HMAC cannot be computed again without the key: a new pepper is a new version beside the old, added by hand.',
  Seal: 'A new version is added by hand beside the old, which must open what is still out.',
  Bootstrap: 'It works once, within 24 hours of its making.',
  Origin: 'The distribution takes it in at deployment: a rotation on its own would shut the door.',
};

/** The vault of a stage; `keep` leaves key and secrets behind when the stack goes. */
export function createVault(scope: Construct, stage: string, keep: boolean): Vault {
  const group = new Construct(scope, 'Vault');
  const prefix = `xct/${stage}/servers/`;
  const removalPolicy = keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  Validations.of(scope).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}*]`,
    reason:
      'Credentials are made at run time and Secrets Manager ends each ARN at random: the prefix is all one can name.',
  });
  // An edit of a recipe makes CloudFormation draw a new secret: a new pepper ends every key. Leave them as they are.
  const secret = (id: keyof typeof notRotated, template: object, generateStringKey: string): Secret => {
    const made = new Secret(group, id, {
      generateSecretString: {
        secretStringTemplate: JSON.stringify(template),
        generateStringKey,
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy,
    });
    Validations.of(made).acknowledge({ id: 'AwsSolutions-SMG4', reason: notRotated[id] });
    return made;
  };
  return {
    key: new Key(group, 'Key', { description: 'Credentials of MCP servers', enableKeyRotation: true, removalPolicy }),
    pepper: secret('Pepper', { current: '1' }, '1'),
    seal: secret('Seal', { current: '1' }, '1'),
    bootstrap: secret('Bootstrap', {}, 'value'),
    origin: secret('Origin', {}, 'value'),
    prefix,
  };
}

/** Reads one of the deployment's own secrets. */
export const readSecret = (secret: Secret): PolicyStatement =>
  new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] });
