import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

const httpShim = join(import.meta.dirname, 'http-shim.mjs');

/** How a function becomes one file, dependencies and AWS SDK included; the benchmarks bundle by the same settings. */
export const bundleSettings = {
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  // The ESM build of a package is the one that shrinks.
  mainFields: ['module', 'main'],
  alias: { http: httpShim, 'node:http': httpShim },
  // CommonJS packages inside the bundle call `require`, which ESM lacks.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions;
