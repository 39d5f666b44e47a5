import { Aws, Duration, Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  LambdaEdgeEventType,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Version } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageConfig, StageName } from '../config.ts';
import { createHeaders } from './headers.ts';

/** What CloudFront would keep for ten seconds under a key without `Authorization`: one org's 404 would reach another. */
const cachedErrors = [404, 414, 500, 501, 502, 503, 504];

/** Host name of the API itself. From the id alone: `api.url` would refer to the stage and close a circle. */
export const apiHost = (api: RestApi): string => `${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;

/** The distribution in front of the API: a host name whose root is ours, and a header that only it can add. */
export function createDoor(
  scope: Construct,
  stage: StageName,
  settings: StageConfig,
  api: RestApi,
  originSecret: Secret,
): Distribution {
  const group = new Construct(scope, 'Door');
  const { domain, web_acl_arn, lambda_edge_challenge } = settings;
  const door = new Distribution(group, 'Distribution', {
    comment: `Xcity MCP Gateway, ${stage}`,
    httpVersion: HttpVersion.HTTP2_AND_3,
    errorResponses: cachedErrors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    ...(web_acl_arn === undefined ? {} : { webAclId: web_acl_arn }),
    ...(domain === undefined
      ? {}
      : {
          domainNames: [domain.name],
          certificate: Certificate.fromCertificateArn(group, 'Certificate', domain.certificate_arn),
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        }),
    defaultBehavior: {
      origin: new HttpOrigin(apiHost(api), {
        originPath: `/${stage}`,
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        // Between two packets; streams send a comment every 15 seconds. The most that needs no raised quota.
        readTimeout: Duration.seconds(120),
        // A dynamic reference, not a value: CloudFormation puts the secret in as it deploys.
        customHeaders: { 'x-xct-origin': originSecret.secretValueFromJson('value').unsafeUnwrap() },
      }),
      // A redirect would come after the key was sent in the clear.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: createHeaders(group, stage, settings.allowed_origins),
      compress: false,
      edgeLambdas:
        lambda_edge_challenge === undefined
          ? []
          : [
              {
                eventType: LambdaEdgeEventType.ORIGIN_RESPONSE,
                functionVersion: Version.fromVersionArn(group, 'Challenge', lambda_edge_challenge),
              },
            ],
    },
  });
  acknowledge(door);
  return door;
}

function acknowledge(door: Distribution): void {
  Validations.of(door).acknowledge(
    { id: 'AwsSolutions-CFR1', reason: 'Callers are where the company is; a list of countries is for its web ACL.' },
    { id: 'AwsSolutions-CFR2', reason: 'A web ACL lives in us-east-1 and is the company’s: the setting web_acl_arn.' },
    { id: 'AwsSolutions-CFR3', reason: 'Nothing is cached, so API Gateway’s access log has each request already.' },
    { id: 'AwsSolutions-CFR4', reason: 'The free host name fixes TLSv1 as minimum; the setting domain ends that.' },
  );
}
