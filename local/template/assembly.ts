import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const Resource = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const Template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});

const Assets = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string().optional() }) })).default({}),
});

const Manifest = z.object({ artifacts: z.record(z.string(), z.object({ type: z.string() })) });

/** One stack of a synthesized CDK assembly, as CloudFormation would read it. */
export interface Assembly extends z.infer<typeof Template> {
  /** The assembly's folder. */
  readonly folder: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Absolute folder of an asset by its hash; throws when the assembly has no such asset. */
  assetFolder(hash: string): string;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Names of the stacks in an assembly folder, in the manifest's order. */
function stackNames(folder: string): readonly string[] {
  const { artifacts } = Manifest.parse(read(join(folder, 'manifest.json')));
  return Object.keys(artifacts).filter((name) => artifacts[name]?.type === 'aws:cloudformation:stack');
}

/** Reads a stack of `cdk.out`; without a name the first one of the manifest. Throws when it is not there. */
export function readAssembly(folder: string, stack = stackNames(folder)[0]): Assembly {
  if (stack === undefined) throw new Error(`${folder} holds no stack`);
  const template = Template.parse(read(join(folder, `${stack}.template.json`)));
  const assetsFile = join(folder, `${stack}.assets.json`);
  const { files } = existsSync(assetsFile) ? Assets.parse(read(assetsFile)) : { files: {} };
  return {
    ...template,
    folder,
    stack,
    assetFolder(hash) {
      const path = files[hash]?.source.path;
      if (path === undefined) throw new Error(`asset ${hash} is not in ${stack}.assets.json`);
      return resolve(folder, path);
    },
  };
}
