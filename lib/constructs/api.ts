import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKeySourceType,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { answerItself } from './refusals.ts';

/** Who asked for which route and what came of it: no body, no header, no query, nothing a caller can write at length. */
const accessLog = {
  request_id: AccessLogField.contextRequestId(),
  trace_id: AccessLogField.contextXrayTraceId(),
  key_id: AccessLogField.contextAuthorizerPrincipalId(),
  method: AccessLogField.contextHttpMethod(),
  route: AccessLogField.contextResourcePath(),
  status: AccessLogField.contextStatus(),
  latency_ms: AccessLogField.contextResponseLatency(),
  integration_latency_ms: AccessLogField.contextIntegrationLatency(),
  authorizer_latency_ms: AccessLogField.contextAuthorizerLatency(),
  response_bytes: AccessLogField.contextResponseLength(),
  error_type: AccessLogField.contextErrorResponseType(),
};

/**
 * The REST API of a stage, with its one deployment and what it answers itself; `serveRoutes` gives it its methods.
 * Regional, because an edge-optimised one ends a stream that is silent for 30 seconds.
 */
export function createApi(scope: Construct, stage: string, logRetentionDays: number): RestApi {
  const logGroup = new LogGroup(scope, 'AccessLogs', {
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const api = new RestApi(scope, 'Api', {
    restApiName: `xct-${stage}`,
    endpointConfiguration: { types: [EndpointType.REGIONAL] },
    // Usage plans count by the key that the authorizer names; a caller's `x-api-key` means nothing.
    apiKeySourceType: ApiKeySourceType.AUTHORIZER,
    // Bodies arrive as they were sent; the handlers check encoding and media type.
    binaryMediaTypes: ['*/*'],
    // Without this role in the account (one a region) API Gateway refuses to write any log.
    cloudWatchRole: true,
    deployOptions: {
      stageName: stage,
      tracingEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR,
      dataTraceEnabled: false,
      accessLogDestination: new LogGroupLogDestination(logGroup),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLog)),
    },
  });
  // The stage's own URL opens nothing: an output would only mislead.
  api.node.tryRemoveChild('Endpoint');
  answerItself(api);
  acknowledge(api);
  return api;
}

function acknowledge(api: RestApi): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG3',
      reason: 'A web ACL stands before the distribution (web_acl_arn); without it nothing gets past the authorizer.',
    },
    {
      id: 'AwsSolutions-COG4',
      reason: 'Callers hold keys of this gateway: its own authorizer guards every method that is not public.',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'API Gateway checks the logging role of an account against this policy when it is set.',
    },
  );
}
