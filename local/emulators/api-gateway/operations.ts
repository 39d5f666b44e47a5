import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { UsagePlan } from '../../template/usage-plans.ts';
import { AwsError } from '../aws-error.ts';
import type { ApiKey, KeyStore } from './keys.ts';

const KeyName = z.object({ apiKey: z.string(), includeValue: z.boolean().default(false) });
const KeyList = z.object({ nameQuery: z.string().default(''), includeValues: z.boolean().default(false) });
const NewKey = z.object({
  name: z.string().default(''),
  description: z.string().default(''),
  enabled: z.boolean().default(false),
  value: z.string().min(20).max(128).optional(),
});
const Patch = z.discriminatedUnion('path', [
  z.object({ op: z.literal('replace'), path: z.enum(['/name', '/description']), value: z.string() }),
  z.object({ op: z.literal('replace'), path: z.literal('/enabled'), value: z.stringbool() }),
]);
const KeyPatch = z.object({ apiKey: z.string(), patchOperations: z.array(Patch) });
const PlanName = z.object({ usagePlanId: z.string() });
const PlanKey = PlanName.extend({ keyId: z.string() });
const PlanList = z.object({ keyId: z.string().optional() });

const notFound = (what: string) => new AwsError('NotFoundException', `Invalid ${what} identifier specified`, {}, 404);
const conflict = (message: string) => new AwsError('ConflictException', message, {}, 409);

/** An operation that checks what it is given. */
function operation<Schema extends z.ZodType>(schema: Schema, run: (input: z.infer<Schema>) => object) {
  return (input: unknown): object => {
    const { data, error } = schema.safeParse(input);
    if (error) throw new AwsError('BadRequestException', z.prettifyError(error));
    return run(data);
  };
}

const shown = ({ planId: _, value, ...key }: ApiKey, withValue: boolean) => (withValue ? { ...key, value } : key);

/** The emulated operations, named and spelled as in the SDK; every change is on disk before it is answered. */
export function apiGatewayOperations(plans: readonly UsagePlan[], keys: KeyStore, nowSeconds: () => number) {
  function keyOf(id: string): ApiKey {
    const key = keys.get(id);
    if (key === undefined) throw notFound('API Key');
    return key;
  }
  function checkPlan(id: string): void {
    if (!plans.some((plan) => plan.id === id)) throw notFound('Usage Plan');
  }
  function change(key: ApiKey, to: Partial<ApiKey>): ApiKey {
    const next = { ...key, ...to, lastUpdatedDate: nowSeconds() };
    keys.put(next);
    return next;
  }
  const planKey = ({ id, name }: ApiKey) => ({ id, name, type: 'API_KEY' });

  return {
    createApiKey: operation(NewKey, ({ value = randomBytes(30).toString('base64url'), ...given }) => {
      if (keys.all().some((key) => key.value === value)) throw conflict('API Key already exists');
      const now = nowSeconds();
      const key = { ...given, id: randomBytes(5).toString('hex'), value, createdDate: now, lastUpdatedDate: now };
      keys.put(key);
      return shown(key, true);
    }),
    getApiKey: operation(KeyName, ({ apiKey, includeValue }) => shown(keyOf(apiKey), includeValue)),
    getApiKeys: operation(KeyList, ({ nameQuery, includeValues }) => ({
      items: keys
        .all()
        .filter(({ name }) => name.startsWith(nameQuery))
        .map((key) => shown(key, includeValues)),
    })),
    updateApiKey: operation(KeyPatch, ({ apiKey, patchOperations }) => {
      const to = Object.fromEntries(patchOperations.map(({ path, value }) => [path.slice(1), value]));
      return shown(change(keyOf(apiKey), to), false);
    }),
    deleteApiKey: operation(KeyName, ({ apiKey }) => {
      keys.remove(keyOf(apiKey).id);
      return {};
    }),
    getUsagePlans: operation(PlanList, ({ keyId }) => ({
      items: keyId === undefined ? plans : plans.filter(({ id }) => id === keyOf(keyId).planId),
    })),
    getUsagePlanKeys: operation(PlanName, ({ usagePlanId }) => {
      checkPlan(usagePlanId);
      return { items: keys.all().flatMap((key) => (key.planId === usagePlanId ? [planKey(key)] : [])) };
    }),
    createUsagePlanKey: operation(PlanKey, ({ usagePlanId, keyId }) => {
      checkPlan(usagePlanId);
      const key = keyOf(keyId);
      if (key.planId !== undefined) throw conflict(`API Key ${keyId} is already in a usage plan of this stage`);
      return planKey(change(key, { planId: usagePlanId }));
    }),
    deleteUsagePlanKey: operation(PlanKey, ({ usagePlanId, keyId }) => {
      checkPlan(usagePlanId);
      if (keyOf(keyId).planId !== usagePlanId) throw notFound('Usage Plan Key');
      change(keyOf(keyId), { planId: undefined });
      return {};
    }),
  };
}

/** Name of an emulated operation. */
export type ApiGatewayOperation = keyof ReturnType<typeof apiGatewayOperations>;
