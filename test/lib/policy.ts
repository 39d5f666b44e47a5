import { type Resource, resources, type Template } from './template.ts';

/** A statement of an identity policy, its resources as plain ARNs. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const account = '111122223333';
const region = 'eu-west-1';
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** ARN that a resource of the template gets in these tests: it ends in its logical id. */
function arnOf(template: Template, logicalId: string): string {
  const service = template.Resources[logicalId]?.Type.split('::')[1]?.toLowerCase();
  if (service === 'secretsmanager') return `arn:aws:${service}:${region}:${account}:secret:${logicalId}`;
  return `arn:aws:${service}:${region}:${account}:${logicalId}`;
}

/** ARN of the one resource whose logical id starts so. */
export function arn(template: Template, prefix: string, type: string): string {
  const [found] = resources(template, type).filter(([id]) => id.startsWith(prefix));
  return arnOf(template, found![0]);
}

/** ARN of a server's credential. */
export const credentialArn = (name: string): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-a1B2c3`;

/** A template value as text. */
function text(template: Template, value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, operand]] = Object.entries(value as Record<string, unknown>) as [[string, never]];
  if (name === 'Ref') return pseudo[operand] ?? arnOf(template, operand);
  if (name === 'Fn::GetAtt') return arnOf(template, operand[0]);
  if (name === 'Fn::Join') return (operand[1] as unknown[]).map((part) => text(template, part)).join(operand[0]);
  throw new Error(`${name} in a policy`);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Statements of a policy document. Throws on what this evaluator does not know: `NotAction`, `Deny`, another condition. */
export function statementsOf(template: Template, document: Resource['Properties']): readonly Statement[] {
  return document.Statement.map((statement: Resource['Properties']) => {
    if (statement.Effect !== 'Allow' || statement.NotAction || statement.NotResource) throw new Error('not evaluated');
    const conditions = Object.entries(statement.Condition ?? {}).map(([operator, keys]) => {
      if (!(operator in operators)) throw new Error(`${operator} is not evaluated`);
      const wanted = Object.entries(keys as object).map(([key, value]) => [
        key,
        list(value).map((one) => text(template, one)),
      ]);
      return [operator, Object.fromEntries(wanted)];
    });
    return {
      actions: list(statement.Action) as string[],
      resources: list(statement.Resource).map((one) => text(template, one)),
      conditions: Object.fromEntries(conditions),
    };
  });
}

/** What the role of a function may do. Throws where it holds a managed policy: nobody reads what that grants. */
export function grantsOf(template: Template, functionName: string): readonly Statement[] {
  const id = `${functionName[0]!.toUpperCase()}${functionName.slice(1)}Role`;
  const [role] = resources(template, 'AWS::IAM::Role').filter(([roleId]) => roleId.startsWith(id));
  if (role?.[1].Properties.ManagedPolicyArns ?? role?.[1].Properties.Policies) throw new Error('not only explicit');
  return resources(template, 'AWS::IAM::Policy')
    .filter(([, policy]) => policy.Properties.Roles.some((one: { Ref: string }) => one.Ref === role![0]))
    .flatMap(([, policy]) => statementsOf(template, policy.Properties.PolicyDocument));
}

const matches = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  ).test(value);

const isLike = (wanted: readonly string[], value: string | undefined): boolean =>
  value !== undefined && wanted.some((pattern) => matches(pattern, value));

/** Whether a condition holds for the one value that a request has for its key. */
const operators: Readonly<Record<string, (wanted: readonly string[], value: string | undefined) => boolean>> = {
  StringEquals: isLike,
  StringLike: isLike,
  // Of no values at all, every one is like the pattern (IAM's rule).
  'ForAllValues:StringLike': (wanted, value) => value === undefined || isLike(wanted, value),
  Null: ([wanted], value) => (value === undefined) === (wanted === 'true'),
};

/** Whether some statement allows the action; a condition on a key the request lacks does not hold (IAM's rule). */
export function allows(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): boolean {
  return statements.some(
    (statement) =>
      statement.actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      statement.resources.some((pattern) => matches(pattern, resource)) &&
      Object.entries(statement.conditions).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => operators[operator]!(list(wanted) as string[], context[key])),
      ),
  );
}
