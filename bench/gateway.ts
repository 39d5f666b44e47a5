/** The local runner in a process of its own, in memory, as `npm start` runs it; its stores serve the handlers in process too. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClient } from '../local/aws.ts';
import { bootstrapToken } from '../local/demo/seed.ts';
import { startGateway } from '../local/gateway.ts';
import { answerParent } from './child.ts';

/** What the bench knows of the running gateway. */
export interface GatewayProcess {
  readonly url: string;
  readonly endpoints: { readonly dynamodb: string; readonly secretsManager: string };
  readonly functions: readonly {
    readonly shortName: string;
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
  }[];
  readonly bootstrapToken: string;
  /** What the distribution would add to a request on its way to the authorizer. */
  readonly originSecret: string;
}

/** Requests that the stores have served, per operation. */
export type Counts = Readonly<Record<'dynamodb' | 'secretsManager', Readonly<Record<string, number>>>>;

const gateway = await startGateway({ assembly: 'cdk.out/local' });

async function originSecret(): Promise<string> {
  const authorizer = gateway.functions.find(({ spec }) => spec.shortName === 'authorizer');
  const client = new SecretsManagerClient(localClient(gateway.endpoints.secretsManager));
  const SecretId = authorizer?.spec.env['ORIGIN_SECRET_ID'];
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  client.destroy();
  return (JSON.parse(SecretString ?? '{}') as { value: string }).value;
}

const ready: GatewayProcess = {
  url: gateway.url,
  endpoints: gateway.endpoints,
  functions: gateway.functions.map(({ spec: { shortName, folder, env } }) => ({ shortName, folder, env })),
  bootstrapToken: await bootstrapToken(gateway),
  originSecret: await originSecret(),
};

answerParent(ready, {
  counts: () => gateway.counts(),
  /** Ends every execution environment: the next request of each function is a cold start. */
  chill: () => Promise.all(gateway.functions.map((fn) => fn.chill())).then(() => undefined),
});
