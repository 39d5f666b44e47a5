import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ProbeReport } from '../../../contract/probe.ts';
import type { Probe } from '../../ports/upstream.ts';

/** The probe ends by itself before; one attempt more is made where the invocation was not accepted. */
const requestMs = 25_000;
const attempts = 2;

/** Invokes the function `PROBE_FUNCTION`, whose role may do nothing; its report is read as a stranger's. */
export function lambdaProbe(): Probe {
  let client: LambdaClient | undefined;
  return {
    async look(url) {
      const name = process.env['PROBE_FUNCTION'];
      if (!name) throw new Error('PROBE_FUNCTION is not set.');
      // Few requests probe: the others do not load this client.
      const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
      client ??= new LambdaClient({ maxAttempts: attempts, requestHandler: { requestTimeout: requestMs } });
      const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ url }) }));
      if (answer.FunctionError) throw new Error('The probe failed.');
      return ProbeReport.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString()));
    },
  };
}
