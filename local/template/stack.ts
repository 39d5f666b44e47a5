import { z } from 'zod';
import { account, region, streamArn } from '../aws.ts';
import type { Assembly } from './assembly.ts';
import { evaluate, type Names } from './intrinsics.ts';

/** A resource with its intrinsics worked out and its properties checked. */
interface Declared<Properties> {
  /** Logical id in the template. */
  readonly id: string;
  readonly properties: Properties;
}

/** A stack being brought to life: what its resources are called here and what they say. */
export interface Stack {
  readonly assembly: Assembly;
  /** Physical name of a resource: the template's own, else `<stack>-<logical id>`. */
  physicalName(id: string): string;
  /** ARN that `Fn::GetAtt … Arn` gives. */
  arn(id: string): string;
  /** Tells the stack the ARN a secret was given when it was made. */
  learnSecret(id: string, arn: string): void;
  /** The template's outputs, with the values they have here. */
  outputs(): Readonly<Record<string, string>>;
  /** Resources of these types, in the template's order; those whose condition is false are left out. */
  resources<Schema extends z.ZodType>(
    schema: Schema,
    ...types: readonly string[]
  ): readonly Declared<z.infer<Schema>>[];
}

/** Resource types that `Ref` calls by a name, with the property that may hold it. */
const nameProperty: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::ApiGateway::Stage': 'StageName',
};

const arnPrefix: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': `arn:aws:lambda:${region}:${account}:function:`,
  'AWS::DynamoDB::Table': `arn:aws:dynamodb:${region}:${account}:table/`,
  'AWS::DynamoDB::GlobalTable': `arn:aws:dynamodb:${region}:${account}:table/`,
};

/** Reads a stack's resources through its own names; nothing is created here. */
export function openStack(assembly: Assembly): Stack {
  const secrets = new Map<string, string>();
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': assembly.stack,
    'AWS::NoValue': undefined,
  };
  const typeOf = (id: string) => assembly.Resources[id]?.Type;

  function physicalName(id: string): string {
    const property = nameProperty[typeOf(id) ?? ''];
    if (property === undefined) return id;
    const given = evaluate(assembly.Resources[id]?.Properties[property], names);
    return given === undefined ? `${assembly.stack}-${id}` : String(given);
  }
  function arn(id: string): string {
    if (typeOf(id) === 'AWS::SecretsManager::Secret') {
      const secret = secrets.get(id);
      if (secret === undefined) throw new Error(`secret ${id} is referred to before it is made`);
      return secret;
    }
    return `${arnPrefix[typeOf(id) ?? ''] ?? `arn:aws:local:${region}:${account}:`}${physicalName(id)}`;
  }
  const names: Names = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      if (name in assembly.Parameters) return assembly.Parameters[name]?.Default;
      if (typeOf(name) === undefined) throw new Error(`the template refers to ${name}, which it does not declare`);
      return typeOf(name) === 'AWS::SecretsManager::Secret' ? arn(name) : physicalName(name);
    },
    attribute(id, name) {
      if (name === 'Arn') return arn(id);
      return name === 'StreamArn' ? streamArn(physicalName(id)) : `${id}.${name}`;
    },
    condition: (name) => assembly.Conditions[name],
  };
  const holds = (condition: string | undefined) =>
    condition === undefined || evaluate({ Condition: condition }, names) === true;

  return {
    assembly,
    physicalName,
    arn,
    learnSecret: (id, secretArn) => void secrets.set(id, secretArn),
    outputs: () =>
      Object.fromEntries(
        Object.entries(assembly.Outputs).map(([name, { Value }]) => [name, String(evaluate(Value, names))]),
      ),
    resources: (schema, ...types) =>
      Object.entries(assembly.Resources)
        .filter(([, { Type, Condition }]) => types.includes(Type) && holds(Condition))
        .map(([id, { Properties }]) => {
          const { data, error } = schema.safeParse(evaluate(Properties, names));
          if (error) throw new Error(`the local runner cannot serve ${id}:\n${z.prettifyError(error)}`);
          return { id, properties: data };
        }),
  };
}
