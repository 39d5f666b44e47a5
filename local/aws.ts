/** The account and region that the local runner pretends to be: nothing outside this machine knows them. */
export const account = '123456789012';
/** Region of every local endpoint. */
export const region = 'us-east-1';

/** ARN of a table's stream. */
export const streamArn = (table: string): string => `arn:aws:dynamodb:${region}:${account}:table/${table}/stream/local`;

/** What an AWS SDK client needs to talk to a local endpoint; the credentials open nothing. */
export const localClient = (endpoint: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
