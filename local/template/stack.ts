import { z } from 'zod';
import { account, region, streamArn } from '../aws.ts';
import type { Assembly } from './assembly.ts';
import { evaluate, type Names } from './intrinsics.ts';
import { kinds } from './kinds.ts';

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
  const kindOf = (id: string) => kinds[typeOf(id) ?? ''];

  function physicalName(id: string): string {
    const kind = kindOf(id);
    if (kind === undefined) return id;
    const given = evaluate(assembly.Resources[id]?.Properties[kind.nameProperty], names);
    return given === undefined ? `${assembly.stack}-${id}` : String(given);
  }
  function arn(id: string): string {
    if (typeOf(id) === 'AWS::SecretsManager::Secret') {
      const secret = secrets.get(id);
      if (secret === undefined) throw new Error(`secret ${id} is referred to before it is made`);
      return secret;
    }
    return `${kindOf(id)?.arnPrefix ?? `arn:aws:local:${region}:${account}:`}${physicalName(id)}`;
  }
  const names: Names = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      if (name in assembly.Parameters) return assembly.Parameters[name]?.Default;
      if (typeOf(name) === undefined) throw new Error(`the template refers to ${name}, which it does not declare`);
      return kindOf(name)?.calledByArn ? arn(name) : physicalName(name);
    },
    attribute(id, name) {
      if (name === 'Arn' || name === 'TopicArn') return arn(id);
      if (name === 'Name' || name === 'TopicName') return physicalName(id);
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
