import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ProbeReport, ProbeSight } from '../../../contract/probe.ts';
import type { Snapshot } from '../../domain/definition.ts';
import { parseJson } from '../../domain/protocol/json.ts';
import type { Probe } from '../../ports/upstream.ts';

/** The probe ends by itself before; one attempt more is made where the invocation was not accepted. */
const requestMs = 25_000;
const attempts = 2;

/** Invokes the function `PROBE_FUNCTION`, whose role may do nothing; what it answers is read as a stranger's. */
export function lambdaProbe(): Probe {
  let client: LambdaClient | undefined;
  const ask = async (request: { readonly url: string; readonly definitions?: true }): Promise<unknown> => {
    const name = process.env['PROBE_FUNCTION'];
    if (!name) throw new Error('PROBE_FUNCTION is not set.');
    // Few requests probe: the others do not load this client.
    const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
    client ??= new LambdaClient({ maxAttempts: attempts, requestHandler: { requestTimeout: requestMs } });
    const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(request) }));
    if (answer.FunctionError) throw new Error('The probe failed.');
    const json = parseJson(Buffer.from(answer.Payload ?? []).toString());
    if (!json.ok) throw new Error('The probe answered what is not JSON.');
    return json.value;
  };
  return {
    look: async (url) => ProbeReport.parse(await ask({ url })),
    async read(url) {
      const { report, definitions } = ProbeSight.parse(await ask({ url, definitions: true }));
      // Each definition is checked where it is pinned.
      return {
        report,
        ...(definitions && { definitions: { ...definitions, snapshot: definitions.snapshot as unknown as Snapshot } }),
      };
    },
  };
}
