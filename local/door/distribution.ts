import { z } from 'zod';
import { region } from '../aws.ts';
import { type ReadSecret, resolveReferences } from '../template/dynamic-reference.ts';
import type { Stack } from '../template/stack.ts';
import type { Distribution } from './call.ts';

const CloudFront = z.object({
  DistributionConfig: z.object({
    DefaultCacheBehavior: z.object({ TargetOriginId: z.string() }),
    Origins: z.array(
      z.object({
        Id: z.string(),
        OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
      }),
    ),
  }),
});

/** What the template's distribution adds on the way to the API; without a distribution nothing but the host name. */
export async function readDistribution(stack: Stack, readSecret: ReadSecret, apiId: string): Promise<Distribution> {
  const originHeaders: Record<string, string> = {};
  const config = stack.resources(CloudFront, 'AWS::CloudFront::Distribution')[0]?.properties.DistributionConfig;
  const origin = config?.Origins.find(({ Id }) => Id === config.DefaultCacheBehavior.TargetOriginId);
  for (const { HeaderName, HeaderValue } of origin?.OriginCustomHeaders ?? [])
    originHeaders[HeaderName] = await resolveReferences(HeaderValue, readSecret);
  return { host: `${apiId.toLowerCase()}.execute-api.${region}.amazonaws.com`, originHeaders };
}
