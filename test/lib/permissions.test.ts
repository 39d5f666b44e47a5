import { describe, expect, test } from '@jest/globals';
import type { FunctionName } from '../../lib/constructs/function.ts';
import { allows, arn, credentialArn, grantsOf, statementsOf } from './policy.ts';
import { deployed, functionNamed, only, resources, synthesized } from './template.ts';

const template = deployed('dev');
const secret = (id: string) => arn(template, `Vault${id}`, 'AWS::SecretsManager::Secret');
const fn = (id: string) => arn(template, `${id}Function`, 'AWS::Lambda::Function');
const table = arn(template, 'Table', 'AWS::DynamoDB::GlobalTable');
const key = arn(template, 'VaultKey', 'AWS::KMS::Key');
const lost = arn(template, 'BooksLost', 'AWS::SQS::Queue');

const leadingKeys = 'dynamodb:LeadingKeys';

const account = (rest: string) => `arn:aws:${rest.replace('::', ':eu-west-1:111122223333:')}`;

/** Short words for what the table below speaks of. */
const named: Readonly<Record<string, string>> = {
  table,
  index: `${table}/index/byOrg`,
  lost,
  pepper: secret('Pepper'),
  seal: secret('Seal'),
  origin: secret('Origin'),
  bootstrap: secret('Bootstrap'),
  credentials: credentialArn('xct/dev/servers/*').replace('-a1B2c3', ''),
  key,
  probe: fn('Probe'),
  machine: 'arn:aws:states:eu-west-1:111122223333:stateMachine:xct-dev-approval',
  bus: 'arn:aws:events:eu-west-1:111122223333:event-bus/default',
  'valve machine': 'arn:aws:states:eu-west-1:111122223333:stateMachine:xct-dev-valve',
  any: '*',
};

const logs = ['logs:CreateLogStream own logs', 'logs:PutLogEvents own logs'];
const trace = ['xray:PutTelemetryRecords any', 'xray:PutTraceSegments any'];
const read = ['dynamodb:GetItem table', 'dynamodb:BatchGetItem table', 'dynamodb:Query table'];
const write = [
  ...read,
  'dynamodb:PutItem table',
  'dynamodb:UpdateItem table',
  'dynamodb:DeleteItem table',
  'dynamodb:ConditionCheckItem table',
];
const secretOf = (name: string) => `secretsmanager:GetSecretValue ${name}`;
/** What a tool call writes, by partition: sessions and attempts come and go, ledger rows and counters stay. */
const meter = [
  ...['sessions', 'attempts'].flatMap((of) =>
    ['PutItem', 'UpdateItem', 'DeleteItem'].map((act) => `dynamodb:${act} ${of}`),
  ),
  'dynamodb:PutItem ledger',
  'dynamodb:UpdateItem ledger',
  'dynamodb:UpdateItem counters',
];
const partitions: Readonly<Record<string, string>> = {
  'ORG#*#SESSION': 'sessions',
  'ORG#*#ATTEMPT#*': 'attempts',
  'ORG#*#LEDGER#*': 'ledger',
  'ORG#*#METER': 'counters',
  'ORG#*#USAGE#*': 'rollups',
  'ORG#*': 'orgs',
  DEPLOYMENT: 'deployment',
};
const callTools = [...logs, ...trace, ...read, ...meter, secretOf('seal'), secretOf('credentials'), 'kms:Decrypt key'];

/** Which function may do which action on what: the whole of it. */
const may: Readonly<Record<FunctionName, readonly string[]>> = {
  authorizer: [...logs, ...trace, ...read, secretOf('pepper'), secretOf('origin')],
  tools: callTools,
  mcp: callTools,
  chat: callTools,
  admin: [
    ...logs,
    ...trace,
    ...write,
    'dynamodb:Query index',
    secretOf('pepper'),
    secretOf('seal'),
    'states:StartExecution valve machine',
  ],
  servers: [
    ...logs,
    ...trace,
    ...write,
    secretOf('seal'),
    secretOf('credentials'),
    'secretsmanager:CreateSecret credentials',
    'secretsmanager:DeleteSecret credentials',
    'secretsmanager:PutSecretValue credentials',
    'secretsmanager:RestoreSecret credentials',
    'secretsmanager:TagResource credentials',
    'kms:Decrypt key',
    'kms:GenerateDataKey key',
    'lambda:InvokeFunction probe',
    'states:StartExecution machine',
  ],
  approval: [
    ...logs,
    ...trace,
    ...write,
    secretOf('seal'),
    'states:StartExecution machine',
    'states:SendTaskSuccess machine',
  ],
  workflow: [
    ...logs,
    ...trace,
    ...write,
    'dynamodb:Query index',
    secretOf('seal'),
    'secretsmanager:DeleteSecret credentials',
    'lambda:InvokeFunction probe',
    'states:StartExecution machine',
    'states:SendTaskSuccess machine',
    'events:PutEvents bus',
  ],
  watch: [
    ...logs,
    ...trace,
    ...write,
    'dynamodb:Query index',
    secretOf('seal'),
    secretOf('credentials'),
    'kms:Decrypt key',
    'states:StartExecution machine',
    'events:PutEvents bus',
  ],
  bootstrap: [
    ...logs,
    ...trace,
    ...write,
    'dynamodb:Query index',
    secretOf('pepper'),
    secretOf('origin'),
    secretOf('bootstrap'),
  ],
  site: [...logs, ...trace, secretOf('origin')],
  usage: [...logs, ...trace, ...read, secretOf('seal')],
  rollup: [
    ...logs,
    ...trace,
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((act) => `dynamodb:${act} table`),
    'dynamodb:UpdateItem ledger',
    'dynamodb:UpdateItem rollups',
    ...['SendMessage', 'GetQueueAttributes', 'GetQueueUrl'].map((act) => `sqs:${act} lost`),
  ],
  sweep: [
    ...logs,
    ...trace,
    ...read,
    'dynamodb:Query index',
    ...['ledger', 'rollups', 'counters'].map((of) => `dynamodb:UpdateItem ${of}`),
  ],
  reconcile: [...logs, ...trace, ...read, 'dynamodb:Query index'],
  probe: logs,
  valve: [
    ...logs,
    ...trace,
    ...read,
    'dynamodb:Query index',
    'dynamodb:UpdateItem orgs',
    'dynamodb:UpdateItem deployment',
    'states:StartExecution valve machine',
  ],
};
const names = Object.keys(may) as FunctionName[];

/** The partitions a statement is bound to, in short words; one `undefined` where it is bound to none. */
const partitionsOf = (conditions: Readonly<Record<string, any>>): readonly (string | undefined)[] =>
  conditions['Null']?.[leadingKeys] === undefined
    ? [undefined]
    : [conditions['ForAllValues:StringLike'][leadingKeys]].flat().map((one: string) => partitions[one] ?? one);

test.each(names)('%s may do what the table says and nothing else', (name) => {
  const word = (resource: string) =>
    Object.keys(named).find((one) => named[one] === resource) ?? (resource.includes(':logs:') ? 'own logs' : resource);
  const granted = grantsOf(template, name).flatMap(({ actions, resources: on, conditions }) =>
    actions.flatMap((action) =>
      on.flatMap((resource) => partitionsOf(conditions).map((one) => `${action} ${one ?? word(resource)}`)),
    ),
  );
  expect([...granted].sort()).toEqual([...may[name]].sort());
});

test('every function has its role, and every role of the stack is a function’s, API Gateway’s or a state machine’s', () => {
  const owners = resources(template, 'AWS::IAM::Role').map(([id]) => id.replace(/Role.*/, '').toLowerCase());
  expect(owners.sort()).toEqual([...names, 'apicloudwatch', 'reviews', 'valvemachine'].sort());
  expect(resources(template, 'AWS::Lambda::Function')).toHaveLength(names.length);
});

test('IA-01: no action has a wildcard, and only tracing has the resource *', () => {
  for (const name of names)
    for (const { actions, resources: on } of grantsOf(template, name)) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      if (on.includes('*')) expect(actions.every((action) => action.startsWith('xray:'))).toBe(true);
    }
});

test('IA-03: the vault’s key works only for Secrets Manager and with the context of a server’s credential', () => {
  const servers = grantsOf(template, 'servers');
  const via = { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' };
  const ofServer = { 'kms:EncryptionContext:SecretARN': credentialArn('xct/dev/servers/org_1/srv_1') };
  const ofOther = { 'kms:EncryptionContext:SecretARN': credentialArn('billing') };
  expect(allows(servers, 'kms:Decrypt', key, { ...via, ...ofServer })).toBe(true);
  expect(allows(servers, 'kms:Decrypt', key, { ...via, ...ofOther })).toBe(false);
  expect(allows(servers, 'kms:Decrypt', key, ofServer)).toBe(false);
  expect(allows(servers, 'kms:Decrypt', key, via)).toBe(false);
  expect(allows(servers, 'kms:Decrypt', key)).toBe(false);
});

test('the doors write sessions, attempts, ledger and counters, and delete nothing of the books', () => {
  const of: Readonly<Record<string, readonly string[]>> = {
    'dynamodb:PutItem': ['ORG#default#SESSION', 'ORG#default#ATTEMPT#b', 'ORG#default#LEDGER#2026-11-24#0'],
    'dynamodb:UpdateItem': ['ORG#default#LEDGER#2026-11-24#0', 'ORG#default#METER'],
    'dynamodb:DeleteItem': ['ORG#default#SESSION', 'ORG#default#ATTEMPT#b'],
  };
  for (const name of ['tools', 'mcp', 'chat'] as const)
    for (const [action, writable] of Object.entries(of)) {
      const may = (pk?: string) =>
        allows(grantsOf(template, name), action, table, pk === undefined ? {} : { [leadingKeys]: pk });
      for (const pk of writable) expect(may(pk)).toBe(true);
      if (action === 'dynamodb:DeleteItem')
        for (const pk of ['ORG#default#LEDGER#2026-11-24#0', 'ORG#default#METER']) expect(may(pk)).toBe(false);
      for (const other of ['ORG#default', 'ORG#default#DIR', 'ORG#default#AUDIT', 'KEY#4fT9xWq2Lm0Z', 'DEPLOYMENT'])
        expect(may(other)).toBe(false);
      expect(may()).toBe(false);
    }
});

test('who keeps the books writes ledger, roll-ups and counters, and nothing else; who reads them writes nothing', () => {
  const books = ['ORG#default#LEDGER#2026-11-24#0', 'ORG#default#USAGE#team', 'ORG#default#METER'];
  const writable: Readonly<Record<string, readonly string[]>> = {
    rollup: books.slice(0, 2),
    sweep: books,
    reconcile: [],
    usage: [],
  };
  for (const [name, pks] of Object.entries(writable))
    for (const pk of [...books, 'ORG#default', 'ORG#default#DIR', 'KEY#4fT9xWq2Lm0Z', undefined])
      expect([
        name,
        pk,
        allows(grantsOf(template, name), 'dynamodb:UpdateItem', table, pk === undefined ? {} : { [leadingKeys]: pk }),
      ]).toEqual([name, pk, pks.some((one) => one === pk)]);
});

test('the vault’s key is governed by the account and used by nobody through its own policy', () => {
  const [statement, ...others] = statementsOf(template, only(template, 'AWS::KMS::Key').KeyPolicy);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({ actions: ['kms:*'], conditions: {} });
});

test('IA-04: a task token may be answered by the two functions of the approval alone, and of its one machine', () => {
  const able = names.filter((name) => JSON.stringify(grantsOf(template, name)).includes('states:SendTask'));
  expect(able.sort()).toEqual(['approval', 'workflow']);
  for (const action of ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:StopExecution'])
    for (const name of names) {
      expect(allows(grantsOf(template, name), action, account('states::stateMachine:any'))).toBe(false);
      expect(allows(grantsOf(template, name), action, named['machine']!)).toBe(
        action === 'states:SendTaskSuccess' && able.includes(name),
      );
    }
});

test('the machine itself may invoke the function of its steps, and be watched', () => {
  const granted = grantsOf(template, 'reviews');
  expect(allows(granted, 'lambda:InvokeFunction', fn('Workflow'))).toBe(true);
  const [, ...others] = granted;
  for (const { actions } of others) for (const action of actions) expect(action).toMatch(/^(logs|xray):/);
});

const stream = `${table}/stream/2026-01-01T00:00:00.000`;
const foreign = credentialArn('billing/database');
const credential = credentialArn('xct/dev/servers/org_1/srv_1');
const someRole = 'arn:aws:iam::111122223333:role/admin';

/** What none of the functions may do (IA-04, IA-06, IA-14). */
const forbidden: readonly (readonly [action: string, resource: string])[] = [
  ['dynamodb:Scan', table],
  ['dynamodb:Scan', `${table}/index/byOrg`],
  ['dynamodb:DeleteTable', table],
  ['dynamodb:UpdateTable', table],
  ['dynamodb:UpdateTimeToLive', table],
  ['dynamodb:UpdateContinuousBackups', table],
  ['dynamodb:ExportTableToPointInTime', table],
  ['dynamodb:PartiQLSelect', table],
  ['dynamodb:GetRecords', stream],
  ['dynamodb:GetItem', account('dynamodb::table/other')],
  ['dynamodb:PutItem', account('dynamodb::table/other')],
  ['secretsmanager:ListSecrets', '*'],
  ['secretsmanager:GetSecretValue', foreign],
  ['secretsmanager:GetSecretValue', credentialArn('xct/prod/servers/org_1/srv_1')],
  ['secretsmanager:PutSecretValue', secret('Pepper')],
  ['secretsmanager:UpdateSecret', secret('Seal')],
  ['secretsmanager:DeleteSecret', secret('Bootstrap')],
  ['secretsmanager:PutSecretValue', secret('Origin')],
  ['secretsmanager:CreateSecret', foreign],
  ['secretsmanager:PutResourcePolicy', credential],
  ['secretsmanager:ReplicateSecretToRegions', credential],
  ['kms:Decrypt', account('kms::key/other')],
  ['kms:Encrypt', key],
  ['kms:ReEncryptFrom', key],
  ['kms:CreateGrant', key],
  ['kms:PutKeyPolicy', key],
  ['kms:DisableKeyRotation', key],
  ['kms:ScheduleKeyDeletion', key],
  ['lambda:InvokeFunction', fn('Admin')],
  ['lambda:InvokeFunction', fn('Bootstrap')],
  ['lambda:UpdateFunctionCode', fn('Mcp')],
  ['lambda:UpdateFunctionConfiguration', fn('Mcp')],
  ['lambda:GetFunction', fn('Mcp')],
  ['lambda:AddPermission', fn('Probe')],
  ['iam:PassRole', someRole],
  ['iam:CreateRole', someRole],
  ['iam:PutRolePolicy', someRole],
  ['iam:AttachRolePolicy', someRole],
  ['sts:AssumeRole', someRole],
  ['s3:GetObject', 'arn:aws:s3:::cdk-assets/code.zip'],
  ['s3:PutObject', 'arn:aws:s3:::cdk-assets/code.zip'],
  ['ssm:GetParameter', account('ssm::parameter/any')],
  ['states:StartExecution', account('states::stateMachine:any')],
  ['states:SendTaskSuccess', account('states::stateMachine:any')],
  ['apigateway:GET', 'arn:aws:apigateway:eu-west-1::/apikeys'],
  ['apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/restapis/any'],
  ['cloudformation:UpdateStack', account('cloudformation::stack/any')],
  ['cloudfront:GetDistributionConfig', 'arn:aws:cloudfront::111122223333:distribution/any'],
  ['logs:PutLogEvents', account('logs::log-group:/aws/other:*')],
  ['logs:GetLogEvents', arn(template, 'McpLogs', 'AWS::Logs::LogGroup')],
  ['logs:DeleteLogGroup', arn(template, 'McpLogs', 'AWS::Logs::LogGroup')],
  ['ec2:RunInstances', '*'],
  ['events:PutEvents', account('events::event-bus/other')],
  ['events:PutRule', account('events::rule/any')],
  ['sns:Publish', account('sns::any')],
];

describe('IA-06, IA-14: none of the functions may', () => {
  test.each(forbidden)('%s on %s', (action, resource) => {
    const able = names.filter((name) => allows(grantsOf(template, name), action, resource));
    expect(able).toEqual([]);
  });
});

test('IA-14: at least 40 forbidden actions are tried', () => {
  expect(new Set(forbidden.map(([action]) => action)).size).toBeGreaterThanOrEqual(40);
});

/** What every function that calls tools is told. */
const callsTools = [
  'TABLE_NAME',
  'SEAL_SECRET_ID',
  'SECRET_PREFIX',
  'PUBLIC_URL',
  'OWN_HOSTS',
  'TIERS',
  'DEFAULT_TIER',
  'FIGURES_NAMESPACE',
];

/** Names that a function's environment may hold, and nothing else. */
const environment: Readonly<Record<FunctionName, readonly string[]>> = {
  authorizer: ['STAGE', 'TABLE_NAME', 'PEPPER_SECRET_ID', 'ORIGIN_SECRET_ID'],
  tools: callsTools,
  mcp: callsTools,
  chat: callsTools,
  admin: ['TABLE_NAME', 'PEPPER_SECRET_ID', 'SEAL_SECRET_ID', 'PUBLIC_URL', 'TIERS', 'DEFAULT_TIER', 'VALVE_MACHINE'],
  servers: [
    'TABLE_NAME',
    'SEAL_SECRET_ID',
    'SECRET_PREFIX',
    'VAULT_KEY_ARN',
    'PROBE_FUNCTION',
    'APPROVAL_MACHINE',
    'FOUR_EYES',
    'DRIFT',
    'PUBLIC_URL',
    'OWN_HOSTS',
    'TIERS',
    'DEFAULT_TIER',
  ],
  approval: ['TABLE_NAME', 'SEAL_SECRET_ID', 'APPROVAL_MACHINE', 'FOUR_EYES', 'DRIFT', 'PUBLIC_URL', 'OWN_HOSTS'],
  workflow: [
    'TABLE_NAME',
    'SEAL_SECRET_ID',
    'SECRET_PREFIX',
    'PROBE_FUNCTION',
    'APPROVAL_MACHINE',
    'EVENT_SOURCE',
    'TIERS',
    'DEFAULT_TIER',
  ],
  watch: [
    'TABLE_NAME',
    'SEAL_SECRET_ID',
    'SECRET_PREFIX',
    'APPROVAL_MACHINE',
    'FOUR_EYES',
    'DRIFT',
    'EVENT_SOURCE',
    'OWN_HOSTS',
    'TIERS',
    'DEFAULT_TIER',
  ],
  bootstrap: [
    'TABLE_NAME',
    'PEPPER_SECRET_ID',
    'BOOTSTRAP_SECRET_ID',
    'ORIGIN_SECRET_ID',
    'PUBLIC_URL',
    'TIERS',
    'DEFAULT_TIER',
  ],
  site: ['ORIGIN_SECRET_ID', 'PUBLIC_URL'],
  usage: ['TABLE_NAME', 'SEAL_SECRET_ID', 'PUBLIC_URL'],
  rollup: ['TABLE_NAME', 'FIGURES_NAMESPACE'],
  sweep: ['TABLE_NAME', 'FIGURES_NAMESPACE'],
  reconcile: ['TABLE_NAME', 'FIGURES_NAMESPACE'],
  probe: ['OWN_HOSTS'],
  valve: ['TABLE_NAME', 'TIERS', 'DEFAULT_TIER', 'VALVE_MACHINE'],
};

test.each(names)('IA-09: %s is told what it needs, and of a secret only the ARN', (name) => {
  const variables: Record<string, unknown> = functionNamed(template, name).Environment.Variables;
  expect(Object.keys(variables).sort()).toEqual([...environment[name]].sort());
  for (const [variable, value] of Object.entries(variables))
    if (variable.endsWith('_SECRET_ID')) expect(value).toEqual({ Ref: expect.stringMatching(/^Vault/) });
});

test('chat reads the keys of the configured providers, made by hand, and only chat does', () => {
  const arnGiven = credentialArn('other/anthropic');
  const base_url = 'https://api.example.com/v1';
  const models = [
    { model: 'openai/', base_url, secret_id: 'models/openai' },
    { model: 'gpt-*', base_url, secret_id: 'models/openai' },
    { model: 'claude-*', base_url, secret_id: arnGiven },
    { model: 'open', base_url },
  ];
  const with4 = synthesized({}, { models });
  const able = (resource: string) =>
    names.filter((name) => allows(grantsOf(with4, name), 'secretsmanager:GetSecretValue', resource));
  expect([credentialArn('models/openai'), arnGiven].map(able)).toEqual([['chat'], ['chat']]);
  expect([credentialArn('models/openai-2'), credentialArn('models/other'), credentialArn('other/x')].map(able)).toEqual(
    [[], [], []],
  );
  expect(JSON.parse(functionNamed(with4, 'chat').Environment.Variables.MODELS)).toEqual(models);
});

test('loopback upstreams are allowed by no template', () => {
  expect(JSON.stringify(template)).not.toContain('LOOPBACK_UPSTREAMS');
});
