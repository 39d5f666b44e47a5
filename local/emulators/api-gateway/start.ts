import type { TemplateKey, UsagePlan } from '../../template/usage-plans.ts';
import { awsError } from '../aws-error.ts';
import type { Emulator } from '../aws-json.ts';
import { openFaults } from '../faults.ts';
import { serveControlPlane } from './http.ts';
import { type ApiKey, type KeyStore, openKeys } from './keys.ts';
import { type ApiGatewayOperation, apiGatewayOperations } from './operations.ts';

/** The running control plane. */
export interface ApiGateway extends Emulator {
  /** Runs an operation, named and spelled as in the SDK. Throws `AwsError`. */
  call(operation: ApiGatewayOperation, input: unknown): object;
  /** The key of that value. */
  findKey(value: string): ApiKey | undefined;
}

/** A key of the template takes the template's value; which plan it is in is decided once, and then at run time. */
function declare(keys: KeyStore, { planId, ...key }: TemplateKey, now: number): void {
  const before = keys.get(key.id);
  keys.put({ createdDate: now, planId, ...before, ...key, description: '', lastUpdatedDate: now });
}

/** Starts API Gateway's control plane for API keys and usage plans on a free loopback port; keys live in `folder`, or in memory without one. */
export async function startApiGateway({
  plans,
  templateKeys,
  folder,
}: {
  readonly plans: readonly UsagePlan[];
  readonly templateKeys: readonly TemplateKey[];
  readonly folder: string | undefined;
}): Promise<ApiGateway> {
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const keys = openKeys(folder);
  for (const key of templateKeys) declare(keys, key, nowSeconds());
  const operations = apiGatewayOperations(plans, keys, nowSeconds);
  const { take, ...faults } = openFaults();
  const counts: Record<string, number> = {};

  function call(name: ApiGatewayOperation, input: unknown): object {
    counts[name] = (counts[name] ?? 0) + 1;
    const fault = take(name);
    if (fault !== undefined) throw awsError(fault);
    return operations[name](input);
  }
  return {
    ...(await serveControlPlane(call)),
    call,
    findKey: (value) => keys.all().find((key) => key.value === value),
    faults,
    counts: async () => ({ ...counts }),
  };
}
