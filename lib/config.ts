import { z } from 'zod';

/** What CloudWatch Logs accepts as retention, up to ten years. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
];

const Count = z.number().int().positive();
const EdgeArn = (service: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:us-east-1:\\d{12}:`), `is the ARN of ${service} in us-east-1`);
const Host = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'is a host name in lower case');
const TierName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is a lower-case word of at most 40 characters');
const Origin = z
  .url()
  .refine(
    (url) => URL.canParse(url) && new URL(url).origin === url,
    'is an origin: scheme, host and port, nothing after them',
  );

const Tier = z.strictObject({
  /** Tool calls and agent invocations a UTC day of an org, exact. */
  calls_per_day: Count,
  /** Active MCP servers of an org, exact. */
  servers: Count,
  /** Live keys of an org. */
  keys: Count,
  /** HTTP requests a minute of an org, of any kind: API Gateway's usage plan, the coarse valve in front, best effort. */
  rpm: Count,
  /** Requests the valve lets through at once. */
  burst: Count,
  /** Days that ledger rows are kept; roll-ups stay. */
  retention_days: Count,
});

const Stage = z.strictObject({
  /** Region to deploy to; the AWS profile's own where absent. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is an AWS region')
    .exactOptional(),
  /** Days that logs are kept. */
  log_retention_days: z.literal(retentionDays),
  /** A host name of yours and its certificate; the distribution's own name where absent. */
  domain: z.strictObject({ name: Host, certificate_arn: EdgeArn('acm') }).exactOptional(),
  /** A web ACL for the distribution. */
  web_acl_arn: EdgeArn('wafv2').exactOptional(),
  /** Version of an edge function that adds the challenge of each path to a 401; off where absent. */
  lambda_edge_challenge: EdgeArn('lambda').exactOptional(),
  /** Topic that is told when an alarm changes. */
  alarm_topic_arn: z.string().startsWith('arn:', 'is the ARN of an SNS topic').exactOptional(),
  /** Browser pages that may call; also the CORS list. */
  allowed_origins: z.array(Origin),
});

/** A function's environment holds 4 KB in all, and the models travel there. */
const maxModelsLength = 3_000;

const Model = z.strictObject({
  /** An exact name; a beginning that ends with `/`, taken off before sending; or one that ends with `*`, which stays. */
  model: z
    .string()
    .regex(/^[^*]{0,200}\*?$/, 'has a * at its end only')
    .min(1),
  /** Where its OpenAI-compatible API begins: `/chat/completions` follows. */
  base_url: z.url().startsWith('https://', 'is an https URL'),
  /** Name or ARN of a secret `{"api_key": …}` in Secrets Manager. */
  secret_id: z
    .string()
    .regex(/^[\w/+=.@:-]{1,512}$/, 'is the name or ARN of a secret')
    .exactOptional(),
});

const Config = z
  .strictObject({
    stages: z.strictObject({ dev: Stage, prod: Stage }),
    tiers: z.record(TierName, Tier),
    /** Tier of an org that was given none. */
    default_tier: TierName,
    /** True where an admin's own servers need a second admin. */
    four_eyes: z.boolean(),
    /** What becomes of tools that change upstream: not served until approved, or only reported. */
    drift: z.enum(['quarantine', 'warn']),
    /** Models of the chat door (docs/chat.md). */
    models: z
      .array(Model)
      .refine((models) => JSON.stringify(models).length <= maxModelsLength, 'fits into 3,000 characters of JSON'),
    /** The company's OIDC issuer. */
    identity_provider: z.strictObject({ issuer: z.url(), audience: z.string().min(1) }).exactOptional(),
    /** Ports beside 443 on which servers may be reached. */
    egress_ports: z.array(z.number().int().min(1).max(65_535)),
    /** Further host names that lead to this gateway and so must never be a server. */
    own_hosts: z.array(Host),
  })
  .refine((config) => config.default_tier in config.tiers, { path: ['default_tier'], message: 'is one of the tiers' });

/** The deployment's settings. */
export type GatewayConfig = z.infer<typeof Config>;
/** Settings of one stage. */
export type StageConfig = z.infer<typeof Stage>;
/** `dev` may be thrown away, `prod` keeps its data. */
export type StageName = keyof GatewayConfig['stages'];

/** The settings, checked; throws an Error that names every field that breaks a rule. */
export function readConfig(settings: unknown): GatewayConfig {
  const parsed = Config.safeParse(settings);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    return `  ${[...issue.path, ...unknown].map(String).join('.')}: ${unknown.length > 0 ? 'is no setting' : issue.message}`;
  });
  throw new Error(['gateway.config.ts is not acceptable:', ...faults].join('\n'));
}
