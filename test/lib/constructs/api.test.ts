import { expect, test } from '@jest/globals';
import { deployed, only, resources } from '../template.ts';

const template = deployed('dev');
const stage = only(template, 'AWS::ApiGateway::Stage');

test('the API is regional: an edge-optimised one ends a stream that is silent for 30 seconds', () => {
  expect(only(template, 'AWS::ApiGateway::RestApi').EndpointConfiguration).toEqual({ Types: ['REGIONAL'] });
});

test('usage keys come from the authorizer and from nowhere else', () => {
  expect(only(template, 'AWS::ApiGateway::RestApi').ApiKeySourceType).toBe('AUTHORIZER');
});

test('bodies of every media type arrive as they were sent', () => {
  expect(only(template, 'AWS::ApiGateway::RestApi').BinaryMediaTypes).toEqual(['*/*']);
});

test('LK-08: bodies and headers are never traced into the logs', () => {
  expect(stage.MethodSettings).toEqual([
    expect.objectContaining({ DataTraceEnabled: false, LoggingLevel: 'ERROR', HttpMethod: '*', ResourcePath: '/*' }),
  ]);
});

test('the access log is JSON of routes, times and ids: no body, header, query or address', () => {
  const format = JSON.parse(stage.AccessLogSetting.Format);
  expect(format).toMatchObject({ request_id: '$context.requestId', route: '$context.resourcePath' });
  for (const value of Object.values(format)) {
    expect(value).toMatch(/^\$context\.[\w.]+$/);
    expect(value).not.toMatch(/identity|requestOverride|responseOverride|error\.message|\.path$|claims/);
  }
});

test('requests are traced, and the account has the role without which no log is written', () => {
  expect(stage.TracingEnabled).toBe(true);
  expect(only(template, 'AWS::ApiGateway::Account').CloudWatchRoleArn).toBeDefined();
});

test('IA-08: every log group ends what it keeps', () => {
  const groups = resources(template, 'AWS::Logs::LogGroup');
  const owners = ['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::ApiGateway::Stage'];
  expect(groups.length).toBe(owners.flatMap((type) => resources(template, type)).length);
  for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(7);
});
