import { expect, test } from '@jest/globals';
import { pin } from '../../../../lambdas/domain/snapshot/pin.ts';
import { findingsOf, servers, subjectOf, tool } from './subject.ts';

test.each([
  ['high', 'g1thub', 'glthub'],
  ['high', 'git-hub', 'github'],
  ['high', 'rnail', 'mail'],
  ['medium', 'gihtub', 'github'],
  ['medium', 'githubs', 'github'],
  ['medium', 'gitbub', 'github'],
  ['medium', 'github', 'gthub'],
])('an alias that is taken for another is found (%s): %s for %s', (severity, alias, other) => {
  const known = [{ alias: other, url: 'https://x.example/mcp', tools: [] }];
  expect(findingsOf('look_alike', subjectOf({ alias, servers: known }))).toEqual([
    {
      kind: 'look_alike',
      severity,
      where: 'server: alias',
      evidence: alias,
      explanation: expect.stringContaining(other),
    },
  ]);
});

test.each([
  ['gitlab', 'github'],
  ['giuhtb', 'github'],
  ['jira', 'jura'],
  ['crm-2', 'crm-1'],
  ['github', 'github'],
])('an alias that reads otherwise, is short, numbered or the same is none: %s beside %s', (alias, other) => {
  const known = [{ alias: other, url: 'https://x.example/mcp', tools: [] }];
  expect(findingsOf('look_alike', subjectOf({ alias, servers: known }))).toEqual([]);
});

test.each([
  ['high', 'https://api.g1thub.example/', 'https://api.glthub.example/mcp'],
  ['high', 'https://api.github.example.evil.example/', servers[0]!.url],
  ['high', 'https://xn--pi-6kc.example/', servers[0]!.url],
  ['medium', 'https://api.githud.example/', servers[0]!.url],
] as const)('a host that is taken for another is found (%s): %s', (severity, url, other) => {
  const known = ['a', 'b'].map((alias) => ({ alias: alias.repeat(9), url: other, tools: [] }));
  expect(findingsOf('look_alike', subjectOf({ url, servers: known }))).toMatchObject([
    { severity, where: 'server: url', evidence: new URL(url).hostname },
  ]);
});

test.each([
  'https://api.github.example/other',
  'https://eu.api.github.example/',
  'https://api.gitlab.example/',
  'https://axn--pi-6kc.example/',
])('the same host, one below it and another name are no look-alikes: %s', (url) => {
  expect(findingsOf('look_alike', subjectOf({ url }))).toEqual([]);
});

test('destructive and open-world annotations are found, their absence and their opposites are not', () => {
  const findings = (annotations: object) =>
    findingsOf('annotation', subjectOf({ snapshot: { tools: [tool({ annotations })] } }));
  expect(findings({ destructiveHint: true, openWorldHint: true })).toMatchObject([
    { severity: 'medium', where: 'tool look_up: annotations/destructiveHint', evidence: 'destructiveHint: true' },
    { severity: 'low', where: 'tool look_up: annotations/openWorldHint' },
  ]);
  expect(findings({ destructiveHint: false, openWorldHint: 'true', readOnlyHint: true })).toEqual([]);
});

test.each([
  ['high', 'exec'],
  ['high', 'runSQL'],
  ['high', 'browser.eval'],
  ['high', 'run-command'],
  ['high', 'execute_python_code'],
  ['medium', 'write_file'],
  ['medium', 'deleteFiles'],
])('a tool that can do anything is found by its name (%s): %s', (severity, name) => {
  expect(findingsOf('generic_power', subjectOf({ snapshot: { tools: [tool({}, name)] } }))).toMatchObject([
    { severity, where: `tool ${name}: name`, evidence: name },
  ]);
});

test.each(['execute_trade', 'run_report', 'read_file', 'write_comment', 'evaluate', 'seashells', 'country_code'])(
  'a tool that does one thing is not found: %s',
  (name) => {
    expect(findingsOf('generic_power', subjectOf({ snapshot: { tools: [tool({}, name)] } }))).toEqual([]);
  },
);

test('a tool that can do anything is found by an argument that takes code', () => {
  const findings = (inputSchema: Record<string, unknown>) =>
    findingsOf('generic_power', subjectOf({ snapshot: { tools: [tool({ inputSchema })] } }));
  expect(findings({ type: 'object', properties: { cwd: {}, SQL: {}, command: {} } })).toMatchObject([
    { severity: 'medium', where: 'tool look_up: inputSchema/properties/SQL', evidence: 'SQL' },
    { severity: 'medium', where: 'tool look_up: inputSchema/properties/command' },
  ]);
  expect(findings({ type: 'object', properties: { code: {}, query: {}, commands_seen: {} } })).toEqual([]);
  expect(findings({ type: 'object' })).toEqual([]);
});

test('an origin that is new or not HTTPS is found', () => {
  const severities = (url: string) => findingsOf('origin', subjectOf({ url })).map(({ severity }) => severity);
  expect(severities('https://crm-1.corp.example/else')).toEqual([]);
  expect(severities('https://crm-1.corp.example:8443/')).toEqual(['info']);
  expect(severities('https://new.example/')).toEqual(['info']);
  expect(severities('http://crm-1.corp.example/')).toEqual(['high', 'info']);
  const approved = { alias: 'weather', url: 'http://new.example/mcp', tools: [] };
  const again = subjectOf({ url: 'http://new.example/', servers: [approved] });
  expect(findingsOf('origin', again)).toMatchObject([{ severity: 'high', where: 'server: url' }]);
});

test('an authorization server that offers dynamic registration and nothing better is found', () => {
  const findings = (auth: object) =>
    findingsOf('dynamic_registration_only', subjectOf({ probe: { auth: { required: true, ...auth } } }));
  const authorization_servers = ['https://login.example'];
  expect(findings({ authorization_servers, registration: ['dynamic'] })).toMatchObject([
    { severity: 'low', where: 'server: auth', evidence: 'https://login.example' },
  ]);
  expect(findings({ registration: ['dynamic'] })).toMatchObject([{ evidence: '' }]);
  expect(findings({ authorization_servers, registration: ['dynamic', 'client_id_metadata_document'] })).toEqual([]);
  expect(findings({ authorization_servers, registration: [] })).toEqual([]);
  expect(findings({ authorization_servers })).toEqual([]);
  expect(findingsOf('dynamic_registration_only', subjectOf())).toEqual([]);
});

test('SS-17 a tool left out for a remote $ref is told from what is left out for another reason', () => {
  const schema = ($ref: string) => ({ inputSchema: { type: 'object', properties: { a: { $ref } } } });
  const tools = [tool(schema('https://evil.example/x'), 'far'), tool(schema('#/$defs/a'), 'near'), tool({}, 'a b')];
  const pinned = pin({ tools, resource_templates: [{ uriTemplate: 'a b' }] });
  if (!pinned.ok) throw new Error(pinned.refusal.code);
  const subject = subjectOf(pinned.value);
  expect(findingsOf('remote_reference', subject)).toMatchObject([
    { severity: 'medium', where: 'tool far', evidence: 'inputSchema has a $ref that points outside' },
  ]);
  expect(findingsOf('refused_definition', subject)).toMatchObject([
    { severity: 'low', where: 'tool a b', evidence: 'its name is not valid' },
    { severity: 'low', where: 'resource template a b' },
  ]);
});

test('the size in tokens is always told where there is one, and weighs more the larger it is', () => {
  const findings = (instructions: string) => findingsOf('size', subjectOf({ snapshot: { tools: [], instructions } }));
  expect(findings('')).toEqual([]);
  expect(findings('x'.repeat(19_996))).toMatchObject([{ severity: 'info', evidence: 'about 4999 tokens' }]);
  expect(findings('x'.repeat(19_997))).toMatchObject([{ severity: 'low', evidence: 'about 5000 tokens' }]);
  expect(findings('\u6f22'.repeat(20_000))).toMatchObject([{ severity: 'medium', evidence: 'about 20000 tokens' }]);
  expect(findingsOf('size', subjectOf())).toMatchObject([{ where: 'server: tools', evidence: 'about 35 tokens' }]);
});
