import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { deployed, only, type Resource, resources, synthesized, type Template } from './template.ts';

const dev = deployed('dev');
const prod = deployed('prod');

const read = (file: string) => JSON.parse(readFileSync(`cdk.out/${file}`, 'utf8'));

/** A template without the hashes of its code. */
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

/** Rules of cdk-nag (AwsSolutions) that are acknowledged, with the reasons given for each. */
function acknowledged(): ReadonlyMap<string, ReadonlySet<string>> {
  const metadata: Record<string, { type: string; data: unknown }[]> = read('XctGateway-dev.metadata.json');
  const reasons = new Map<string, Set<string>>();
  for (const { type, data } of Object.values(metadata).flat())
    if (type === 'aws:cdk:acknowledged-rules')
      for (const [id, reason] of Object.entries(data as Record<string, string>))
        reasons.set(id, (reasons.get(id) ?? new Set()).add(reason));
  return reasons;
}

test('the CDK’s own rules and cdk-nag find nothing, in either stage', () => {
  expect(read('validation-report.json').pluginReports).toEqual([]);
});

test('each acknowledged rule of cdk-nag has its own reason', () => {
  const rules = acknowledged();
  expect([...rules.keys()].map((id) => id.replace('Annotation::', '').replace(/\[.*/, '')).sort()).toEqual([
    'AwsSolutions-APIG3',
    'AwsSolutions-APIG4',
    'AwsSolutions-CFR1',
    'AwsSolutions-CFR2',
    'AwsSolutions-CFR3',
    'AwsSolutions-CFR4',
    'AwsSolutions-COG4',
    'AwsSolutions-IAM4',
    ...Array(6).fill('AwsSolutions-IAM5'),
    'AwsSolutions-SMG4',
    'AwsSolutions-SQS3',
  ]);
  const reasons = [...rules.values()].flatMap((given) => [...given]);
  expect(new Set(reasons).size).toBe(reasons.length);
  for (const reason of reasons) expect(reason.length).toBeGreaterThan(40);
});

test('prod differs from dev in what it keeps and for how long, and in nothing else', () => {
  // Names hold the stage, and logical ids hold hashes of names.
  const plain = (template: Template) =>
    JSON.parse(
      JSON.stringify(masked(template))
        .replaceAll('prod', 'dev')
        .replaceAll(/(?<=[A-Za-z])[0-9A-F]{8,}[0-9a-f]*/g, ''),
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
  expect(() => {
    for (const id of Object.keys(dev.Resources)) visit(id, []);
  }).not.toThrow();
});

test('the outputs are two addresses, a topic and three commands, and hold no key', () => {
  expect(Object.keys(dev.Outputs)).toEqual([
    'GatewayUrl',
    'DistributionHost',
    'NoticesTopic',
    'BootstrapTokenCommand',
    'RecoveryCommand',
    'ReconcileCommand',
  ]);
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
