import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { ownUsageKey } from '../../../contract/usage.ts';
import { config } from '../../../gateway.config.ts';
import { statementsOf } from '../policy.ts';
import { deployed, functionNamed, machineNamed, resources, type Template } from '../template.ts';

const template: Template = deployed('dev');
const machine = machineNamed(template, 'valve');
const text: string = machine.DefinitionString['Fn::Join'][1]
  .map((part: any) =>
    typeof part === 'string' ? part : (part['Fn::GetAtt']?.[0] ?? part.Ref).replace('AWS::Partition', 'aws'),
  )
  .join('');
const definition = JSON.parse(text);
const states: Record<string, any> = definition.States;
const validate = createRequire(import.meta.url)('asl-validator');

test('the definition is one that Step Functions accepts, in JSONata, and ends within an hour', () => {
  const { isValid, errorsText } = validate(structuredClone(definition));
  expect([isValid, isValid ? '' : errorsText()]).toEqual([true, '']);
  expect(definition).toMatchObject({ QueryLanguage: 'JSONata', TimeoutSeconds: 3600 });
});

test('the machine has a literal name, which is what functions are told: none of them refers to it', () => {
  expect(machine.StateMachineName).toBe('xct-dev-valve');
  for (const name of ['admin', 'valve']) {
    const { VALVE_MACHINE } = functionNamed(template, name).Environment.Variables;
    expect(JSON.stringify(VALVE_MACHINE)).toContain(':stateMachine:xct-dev-valve"');
  }
});

test('runs are traced and logged whole, without their data', () => {
  expect(machine.TracingConfiguration).toEqual({ Enabled: true });
  expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
});

test('every tier has its plan in the machine', () => {
  const plans = resources(template, 'AWS::ApiGateway::UsagePlan').map(([id]) => id);
  const tiers = Object.keys(config.tiers);
  expect(states['Find'].Assign.to).toBe(
    `{% $lookup({${tiers.map((tier, at) => `"${tier}": "${plans[at]}"`).join(', ')}}, $turn.plan) %}`,
  );
});

test('the key that the machine makes is the one that the authorizer names', () => {
  const [before, after] = ownUsageKey('dev', '#').split('#');
  expect(states['Make'].Arguments.Value).toBe(`{% "${before}" & $org & "${after}" %}`);
});

test('an org is off its key, and forgotten so by authorizers, before the key is touched; a key is known before it is named', () => {
  expect(definition.StartAt).toBe('Claim');
  expect([states['Claim'].Next, states['Forget'].Next]).toEqual(['Forget', 'Plan']);
  expect(states['Forget'].Seconds).toBeGreaterThan(5);
  expect([states['Join'].Next, states['Spread'].Next]).toEqual(['Spread', 'Where']);
  expect(states['There'].Choices[0]).toEqual({ Condition: '{% $from = $to %}', Next: 'End' });
});

test('every task is tried again, and what is gone already ends nothing', () => {
  const tasks = Object.entries(states).filter(([, { Type }]) => Type === 'Task');
  for (const [, { Retry }] of tasks) expect(Retry).toEqual([expect.objectContaining({ MaxAttempts: 8 })]);
  const caught = tasks.filter(([, { Catch }]) => Catch).map(([name, { Catch, Next }]) => [name, Catch, Next]);
  const gone = (Next: string) => [{ ErrorEquals: ['ApiGateway.NotFoundException'], Next }];
  expect(caught.sort()).toEqual([
    ['Leave', gone('Join'), 'Join'],
    ['Remove', gone('End'), 'End'],
  ]);
});

test('the machine invokes its function, makes and deletes API keys, and puts them into this stack’s plans, nothing else', () => {
  const [, { Properties: role }] = resources(template, 'AWS::IAM::Role').find(([id]) => id.startsWith('ValveMachine'))!;
  const granted = role.Policies.flatMap(({ PolicyDocument }: any) => statementsOf(template, PolicyDocument));
  const api = 'arn:aws:apigateway:eu-west-1::';
  const plan =
    /^arn:aws:apigateway:eu-west-1::\/usageplans\/arn:aws:apigateway:eu-west-1:111122223333:MeteringPlan\w+\/keys/;
  const on = (action: string): string[] =>
    granted.filter(({ actions }: any) => actions.includes(action)).flatMap((one: any) => one.resources);
  expect(on('lambda:InvokeFunction')).toEqual([expect.stringMatching(/:ValveFunction\w+$/)]);
  expect(on('apigateway:GET')).toEqual([`${api}/apikeys`, `${api}/usageplans`]);
  const [post, ...plans] = on('apigateway:POST');
  expect(post).toBe(`${api}/apikeys`);
  expect(plans).toHaveLength(Object.keys(config.tiers).length);
  const [remove, ...leave] = on('apigateway:DELETE');
  expect(remove).toBe(`${api}/apikeys/*`);
  for (const resource of [...plans, ...leave]) expect(resource).toMatch(plan);
  const others = granted
    .flatMap(({ actions }: any) => actions)
    .filter((action: string) => !/^(xray|logs):/.test(action));
  expect(new Set(others)).toEqual(
    new Set(['lambda:InvokeFunction', 'apigateway:GET', 'apigateway:POST', 'apigateway:DELETE']),
  );
});

test('an hourly rule has the function look for what was left undone', () => {
  const rules = resources(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  expect(rules).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'rate(1 hour)',
      Targets: [expect.objectContaining({ Input: '{"do":"sweep"}' })],
    }),
  );
});
