import { expect, test } from '@jest/globals';
import { only, type Resource, resources, synthesize, type Template, withStage } from './template.ts';

const dev = synthesize('dev', undefined, true);
const prod = synthesize('prod', undefined, true);

const masked = (template: Template): Template =>
  JSON.parse(JSON.stringify(template).replaceAll(/[0-9a-f]{64}\.zip/g, 'CODE.zip'));

/** Where two values differ, as dotted paths. */
function differences(left: unknown, right: unknown, path = ''): readonly string[] {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return left === right ? [] : [path];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    differences((left as never)[key], (right as never)[key], path === '' ? key : `${path}.${key}`),
  );
}

/** Logical ids that a value refers to. */
function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [item as string];
    if (key === 'Fn::GetAtt') return [(item as string[])[0]!];
    if (key === 'Fn::Sub') return [...String(item).matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, id]) => id!);
    return references(item);
  });
}

test('the stack is the one in the snapshot', () => {
  expect(masked(dev)).toMatchSnapshot();
});

test('prod differs from dev in what it keeps and for how long, and in nothing else', () => {
  // Names hold the stage, and logical ids a hash of names.
  const plain = (template: Template) =>
    JSON.parse(
      JSON.stringify(masked(template))
        .replaceAll('prod', 'dev')
        .replaceAll(/[0-9A-F]{8}([0-9a-f]{32})?/g, 'HASH'),
    );
  const differing = differences(plain(dev), plain(prod)).map((path) => path.replace(/^Resources\.\w+\./, ''));
  expect(new Set(differing)).toEqual(
    new Set([
      'DeletionPolicy',
      'UpdateReplacePolicy',
      'Properties.RetentionInDays',
      'Properties.Replicas.0.DeletionProtectionEnabled',
    ]),
  );
});

test('IA-08: prod keeps its table, its key and its secrets when the stack goes', () => {
  const kept = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];
  for (const [, resource] of kept.flatMap((type) => resources(prod, type)))
    expect(resource.DeletionPolicy).toBe('Retain');
});

test('the stack fits CloudFormation: fewer than 500 resources, and fewer than 300 paths of the API', () => {
  expect(Object.keys(dev.Resources).length).toBeLessThan(500);
  expect(resources(dev, 'AWS::ApiGateway::Resource').length).toBeLessThan(300);
});

test('no resource waits for itself', () => {
  const needs = (id: string): readonly string[] => {
    const { Properties, DependsOn = [] } = dev.Resources[id] as Resource;
    return [...references(Properties), ...[DependsOn].flat()].filter((other) => other in dev.Resources);
  };
  const done = new Set<string>();
  const visit = (id: string, way: readonly string[]): void => {
    if (way.includes(id)) throw new Error([...way, id].join(' → '));
    if (done.has(id)) return;
    for (const other of needs(id)) visit(other, [...way, id]);
    done.add(id);
  };
  expect(() => Object.keys(dev.Resources).forEach((id) => visit(id, []))).not.toThrow();
});

test('the outputs are the URL and two commands, and hold no key', () => {
  expect(Object.keys(dev.Outputs)).toEqual(['GatewayUrl', 'BootstrapTokenCommand', 'RecoveryCommand']);
  expect(JSON.stringify(dev.Outputs)).not.toContain('resolve:');
});

test('LK-08: a secret is drawn by Secrets Manager and named by reference; the template holds no value', () => {
  const text = JSON.stringify(dev);
  expect(text).not.toContain('"SecretString"');
  expect(text).not.toMatch(/xct_[0-9A-Za-z]{12}_|AKIA[0-9A-Z]{16}|-----BEGIN/);
  expect([...text.matchAll(/resolve:/g)]).toHaveLength(1);
  expect(JSON.stringify(only(dev, 'AWS::CloudFront::Distribution'))).toContain('{{resolve:secretsmanager:');
});

test('IA-10: there is no function URL', () => {
  expect(resources(dev, 'AWS::Lambda::Url')).toEqual([]);
});

test('a region in the settings is the stack’s; without one it is the deployer’s', () => {
  const regionOf = (template: Template) => only(template, 'AWS::DynamoDB::GlobalTable').Replicas[0].Region;
  expect(regionOf(synthesized({ region: 'eu-central-1' }))).toBe('eu-central-1');
  expect(regionOf(dev)).toEqual({ Ref: 'AWS::Region' });
});
