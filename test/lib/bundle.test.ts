import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { deployed, resources } from './template.ts';

const { files } = JSON.parse(readFileSync('cdk.out/XctGateway-dev.assets.json', 'utf8'));

/** Each function with the code it is deployed with. */
const bundles = resources(deployed('dev'), 'AWS::Lambda::Function').map(([id, { Properties }]) => {
  const { source } = files[Properties.Code.S3Key.replace(/\.zip$/, '')];
  return [id.replace(/Function.*/, ''), readFileSync(join('cdk.out', source.path, 'index.mjs'), 'utf8')] as const;
});

describe.each(bundles)('%s', (_, code) => {
  test('imports nothing but what Node has', () => {
    const imported = [...code.matchAll(/^import[^'"]*["']([^"']+)["'];/gm)].map(([, name]) =>
      name!.replace('node:', ''),
    );
    const { builtinModules } = process.getBuiltinModule('node:module');
    expect(imported.filter((name) => !builtinModules.includes(name))).toEqual([]);
  });

  test('takes http by hand, so that undici stays unloaded', () => {
    expect(code).not.toMatch(/from\s*["'](node:)?http["']|require\(["'](node:)?http["']\)/);
  });

  test('gives CommonJS packages their require, and carries no source map', () => {
    expect(code).toContain("import{createRequire as __createRequire}from'node:module'");
    expect(code).not.toContain('sourceMappingURL');
  });
});

test('every function runs its own handler', () => {
  expect(new Set(bundles.map(([, code]) => code)).size).toBe(bundles.length);
});
