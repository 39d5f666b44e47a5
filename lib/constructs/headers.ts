import { Aws, Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import type { StageName } from '../config.ts';

/** What the distribution adds to every answer: security headers, and CORS for what no function of ours answers. */
export function createHeaders(scope: Construct, stage: StageName, origins: readonly string[]): ResponseHeadersPolicy {
  const override = true;
  return new ResponseHeadersPolicy(scope, 'Headers', {
    responseHeadersPolicyName: `xct-${stage}-${Aws.REGION}`,
    securityHeadersBehavior: {
      strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override },
      contentTypeOptions: { override },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
    },
    // Functions set CORS themselves and answer preflights; this lets a page read what API Gateway answers itself.
    ...(origins.length === 0
      ? {}
      : {
          corsBehavior: {
            accessControlAllowOrigins: [...origins],
            accessControlAllowHeaders: ['*'],
            accessControlAllowMethods: ['ALL'],
            accessControlAllowCredentials: false,
            accessControlExposeHeaders: ['x-request-id', 'retry-after', 'www-authenticate'],
            originOverride: false,
          },
        }),
  });
}
