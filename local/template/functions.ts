import { z } from 'zod';
import { type ReadSecret, resolveReferences } from './dynamic-reference.ts';
import type { Stack } from './stack.ts';

const LambdaFunction = z.object({
  Runtime: z.string().optional(),
  Handler: z.string().optional(),
  Code: z.object({ S3Key: z.string().optional() }),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
});

/** A Lambda function as the template declares it. */
export interface FunctionSpec {
  /** The logical id as people say it: `ToolsFunction1A2B3C4D` is `tools`. */
  readonly shortName: string;
  readonly name: string;
  readonly arn: string;
  /** Absolute folder of the bundled code. */
  readonly folder: string;
  /** `file.export`, as Lambda spells it. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A logical id without the hash that CDK adds and without the word for what it is. */
const shortName = (id: string): string => {
  const bare = id.replace(/[0-9A-F]{8}$/, '').replace(/(?<=.)Function$/, '');
  return `${bare.charAt(0).toLowerCase()}${bare.slice(1)}`;
};

/** The template's Node functions; inline ones and other runtimes are not served locally. */
export async function readFunctions(stack: Stack, readSecret: ReadSecret): Promise<readonly FunctionSpec[]> {
  const declared = stack.resources(LambdaFunction, 'AWS::Lambda::Function');
  const specs: FunctionSpec[] = [];
  for (const { id, properties } of declared) {
    const { Runtime, Handler, Code, Environment } = properties;
    if (!Runtime?.startsWith('nodejs') || Handler === undefined || Code.S3Key === undefined) continue;
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(Environment?.Variables ?? {}))
      env[name] = await resolveReferences(value, readSecret);
    specs.push({
      shortName: shortName(id),
      name: stack.physicalName(id),
      arn: stack.arn(id),
      folder: stack.assembly.assetFolder(Code.S3Key.replace(/\.zip$/, '')),
      handler: Handler,
      timeoutSeconds: properties.Timeout,
      memoryMegabytes: properties.MemorySize,
      env,
    });
  }
  return specs;
}
