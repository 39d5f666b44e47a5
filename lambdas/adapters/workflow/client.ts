import type { SFNClient } from '@aws-sdk/client-sfn';

/** Limits of one attempt, and attempts: who waits for it has been answered nothing yet. */
const connectionMs = 1_000;
const requestMs = 3_000;
const attempts = 3;

let client: SFNClient | undefined;

/** The client of this environment and its commands. Few requests start or answer: the others do not load it. */
export async function stepFunctions() {
  const sdk = await import('@aws-sdk/client-sfn');
  const requestHandler = { connectionTimeout: connectionMs, requestTimeout: requestMs, throwOnRequestTimeout: true };
  client ??= new sdk.SFNClient({ maxAttempts: attempts, requestHandler });
  return { ...sdk, client };
}
