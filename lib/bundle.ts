import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { bundleSettings } from './esbuild.ts';
import { pageTexts } from './page.ts';

const root = join(import.meta.dirname, '..');
const handlers = join(root, 'lambdas', 'handlers');

/** All handlers in one run of esbuild, each whole: one run parses what they share once. By name. */
function build(): ReadonlyMap<string, Uint8Array> {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['./lambdas/handlers/*.ts'],
    outdir: 'bundled',
    ...bundleSettings,
    define: pageTexts(),
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path, '.js'), contents]));
}

let built: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * The code of `lambdas/handlers/<name>.ts` as one file, dependencies and AWS SDK included. CDK's NodejsFunction would do
 * the same, but starts npx and esbuild anew for each function: seconds of every `npm start`.
 */
export const codeOf = (name: string): AssetCode =>
  Code.fromAsset(handlers, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the CDK and never run.
      image: DockerImage.fromRegistry('none'),
      // One handler's bundle must not be taken for another's: the CDK keeps them by these options.
      command: [name],
      local: {
        tryBundle(outputDir) {
          built ??= build();
          const code = built.get(name);
          if (code === undefined) throw new Error(`lambdas/handlers/${name}.ts does not exist`);
          writeFileSync(join(outputDir, 'index.mjs'), code);
          return true;
        },
      },
    },
  });
