import { expect, test } from '@jest/globals';
import { routeKey } from '../../../contract/route.ts';
import { routes } from '../../../contract/routes.ts';
import { deployed, methods, only, resources, synthesized } from '../template.ts';

const template = deployed('dev');
const byKey = new Map(methods(template).map((method) => [method.key, method]));
const uri = (integration: { Uri: unknown }) => JSON.stringify(integration.Uri);

test('the API has the methods of the route table and no other', () => {
  expect([...byKey.keys()].sort()).toEqual(routes.map(routeKey).sort());
});

test('no open proxy swallows what no route declares', () => {
  expect([...byKey.values()].filter(({ path }) => path.includes('+') || path === '')).toEqual([]);
});

test('one parent has one variable at most: two pass synth and fail at deployment', () => {
  const variables = new Map<string, Set<string>>();
  for (const { path } of routes)
    for (const [index, part] of path.split('/').entries()) {
      if (!part.startsWith('{')) continue;
      const parent = path.split('/').slice(0, index).join('/');
      variables.set(parent, (variables.get(parent) ?? new Set()).add(part));
    }
  expect([...variables].filter(([, names]) => names.size > 1)).toEqual([]);
});

test('no path is one that API Gateway keeps for itself', () => {
  expect(routes.filter(({ path }) => /^\/s?ping(\/|$)/.test(path))).toEqual([]);
});

test.each(routes.map((route) => [routeKey(route), route] as const))(
  'IA-07: %s is guarded by our authorizer or public in the route table',
  (key, route) => {
    const { properties } = byKey.get(key)!;
    const [[authorizerId]] = resources(template, 'AWS::ApiGateway::Authorizer') as [[string, unknown]];
    if (route.access === 'public') expect(properties.AuthorizationType).toBe('NONE');
    else expect(properties).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizerId } });
  },
);

test('a metered method needs a usage key, which only an authorizer can name', () => {
  const keyed = methods(template).filter(({ properties }) => properties.ApiKeyRequired);
  expect(keyed.map(({ key }) => key).sort()).toEqual(
    routes
      .filter((route) => route.metered)
      .map(routeKey)
      .sort(),
  );
  expect(keyed.filter(({ properties }) => properties.AuthorizationType !== 'CUSTOM')).toEqual([]);
});

test.each(routes.map((route) => [routeKey(route), route] as const))('%s reaches its function its way', (key, route) => {
  const { Integration } = byKey.get(key)!.properties;
  const name = `${route.fn[0]!.toUpperCase()}${route.fn.slice(1)}Function`;
  expect(uri(Integration)).toContain(name);
  expect(Integration).toMatchObject(
    route.fn === 'mcp'
      ? { Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM', TimeoutInMillis: 15 * 60_000 }
      : { Type: 'AWS_PROXY', ResponseTransferMode: 'BUFFERED', TimeoutInMillis: 29_000 },
  );
  expect(uri(Integration)).toContain(route.fn === 'mcp' ? '/response-streaming-invocations' : '/invocations');
});

test('a function is given to the API once, not once a method', () => {
  const functions = new Set([...routes.map(({ fn }) => fn), 'authorizer']);
  const permitted = resources(template, 'AWS::Lambda::Permission').filter(
    ([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com',
  );
  expect(permitted).toHaveLength(functions.size);
});

test('the authorizer is asked for every request and has no identity source, which would be a required header', () => {
  const authorizer = only(template, 'AWS::ApiGateway::Authorizer');
  expect(authorizer).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
  expect(authorizer).not.toHaveProperty('IdentitySource');
});

test('a path variable is required by the validator of every method that has one', () => {
  for (const { path, properties } of byKey.values()) {
    const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [`method.request.path.${name}`, true]);
    expect(properties.RequestParameters).toEqual(Object.fromEntries(variables));
    expect(properties.RequestValidatorId).toBeDefined();
  }
});

test('a preflight exists where browsers may call, public and served by site; without origins there is none', () => {
  const open = methods(synthesized({ allowed_origins: ['https://app.example.com'] }));
  const preflights = open.filter(({ properties }) => properties.HttpMethod === 'OPTIONS');
  expect(preflights.map(({ path }) => path).sort()).toEqual([...new Set(routes.map(({ path }) => path))].sort());
  for (const { properties } of preflights) {
    expect(properties).toMatchObject({ AuthorizationType: 'NONE', ApiKeyRequired: false });
    expect(uri(properties.Integration)).toContain('SiteFunction');
  }
  expect(open).toHaveLength(byKey.size + preflights.length);
});
