import { expect, test } from '@jest/globals';
import { figures } from '../../../lambdas/domain/metering/figures.ts';
import { deployed, functionNamed, only, resources, synthesized } from '../template.ts';

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

test('every figure has an alarm, in the namespace that the functions of the stage write to', () => {
  const watched = alarms.filter(({ Namespace }) => Namespace === 'xct/dev');
  expect(watched.map(({ MetricName }) => MetricName).sort()).toEqual(Object.keys(figures).sort());
  for (const name of ['tools', 'mcp', 'rollup', 'sweep', 'reconcile'])
    expect(functionNamed(template, name).Environment.Variables.FIGURES_NAMESPACE).toBe('xct/dev');
});

test('one failed run of what a schedule runs is an alarm', () => {
  for (const name of ['sweep', 'reconcile'])
    expect(alarms.find(({ AlarmName }) => AlarmName === `xct-dev-crash-${name}`).Threshold).toBe(1);
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
  for (const metric of [
    '5XXError',
    'Latency',
    'Invocations',
    'Throttles',
    'ConsumedReadCapacityUnits',
    ...Object.keys(figures),
  ])
    expect(body).toContain(metric);
});
