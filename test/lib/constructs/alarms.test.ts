import { expect, test } from '@jest/globals';
import { deployed, only, resources, synthesized } from '../template.ts';

const template = deployed('dev');
const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

test('an alarm says who is hurt', () => {
  for (const { AlarmDescription } of alarms)
    expect(AlarmDescription).toMatch(/caller|apps|people|admins|operator|nobody|somebody|submission|unnoticed/i);
});

test('every function but the authorizer has an alarm of its own; the authorizer’s errors are refused keys', () => {
  const watched = alarms.filter(({ AlarmName }) => AlarmName.startsWith('xct-dev-crash-'));
  expect(watched).toHaveLength(resources(template, 'AWS::Lambda::Function').length - 1);
});

test('silence is no alarm', () => {
  for (const { TreatMissingData } of alarms) expect(TreatMissingData).toBe('notBreaching');
});

test('a topic is told where there is one', () => {
  const alarm_topic_arn = 'arn:aws:sns:eu-west-1:111122223333:on-call';
  const told = resources(synthesized({ alarm_topic_arn }), 'AWS::CloudWatch::Alarm');
  for (const [, { Properties }] of told) expect(Properties.AlarmActions).toEqual([alarm_topic_arn]);
  expect(alarms.filter((alarm) => alarm.AlarmActions)).toEqual([]);
});

test('the dashboard shows traffic, time and trouble', () => {
  const body = JSON.stringify(only(template, 'AWS::CloudWatch::Dashboard').DashboardBody);
  for (const metric of ['5XXError', 'Latency', 'Invocations', 'Throttles', 'ConsumedReadCapacityUnits'])
    expect(body).toContain(metric);
});
