import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

/** Who may import whom: a file of the first folder that matches may import only what is listed (house rules, docs/decisions). */
const ours: Readonly<Record<string, readonly string[]>> = {
  'contract/': ['contract/'],
  'lambdas/domain/': ['lambdas/domain/', 'contract/'],
  'lambdas/ports/': ['lambdas/ports/', 'lambdas/domain/', 'contract/'],
  'lambdas/journey/': ['lambdas/journey/', 'lambdas/domain/', 'lambdas/ports/', 'contract/'],
  'lambdas/govern/': [
    'lambdas/govern/',
    'lambdas/domain/',
    'lambdas/ports/',
    'contract/',
    'lambdas/data/',
    'lambdas/journey/resolve.ts',
  ],
  'lambdas/adapters/dynamo/': ['lambdas/adapters/dynamo/', 'lambdas/domain/', 'lambdas/ports/', 'contract/'],
  'lambdas/adapters/egress/': ['lambdas/adapters/egress/', 'lambdas/domain/', 'lambdas/ports/', 'contract/'],
  'lambdas/adapters/': [
    'lambdas/adapters/SAME/',
    'lambdas/adapters/egress/',
    'lambdas/domain/',
    'lambdas/ports/',
    'contract/',
  ],
  'lambdas/compose.ts': ['lambdas/adapters/', 'lambdas/ports/', 'lambdas/domain/'],
  'lambdas/pages/': [
    'lambdas/pages/',
    'contract/',
    'lambdas/domain/approval/visible.ts',
    'lambdas/domain/protocol/decimal.ts',
    'lambdas/domain/protocol/json.ts',
  ],
  'lambdas/middleware/': ['lambdas/middleware/', 'lambdas/domain/', 'lambdas/ports/', 'contract/'],
  'lambdas/handlers/': [
    'lambdas/middleware/',
    'lambdas/journey/',
    'lambdas/govern/',
    'lambdas/domain/',
    'lambdas/adapters/egress/',
    'lambdas/adapters/upstream/look.ts',
    'lambdas/pages/',
    'lambdas/compose.ts',
    'lambdas/ports/',
    'contract/',
  ],
  'lib/': ['lib/', 'contract/', 'lambdas/domain/', 'gateway.config.ts'],
  'bin/': ['lib/', 'gateway.config.ts'],
  'local/': ['local/', 'lib/', 'contract/'],
};

/** Packages and built-ins a floor may never import. */
const never: Readonly<Record<string, RegExp>> = {
  'contract/': /^(?!zod(\/mini|\/locales)?$)/,
  'lambdas/domain/': /^(?!zod$)/,
  'lambdas/ports/': /./,
  'lambdas/journey/': /./,
  'lambdas/govern/': /./,
  'lambdas/adapters/egress/': /^@aws-sdk|^@middy|^undici/,
  'lambdas/adapters/': /^@middy|^(node:)?(http|https|http2|net|tls|dgram|dns|child_process)$|^undici/,
  // The browser's own files: types of contracts, and nothing that runs only in Node.
  'lambdas/pages/submissions/': /^(?!zod$)/,
  'lambdas/middleware/': /^@aws-sdk|^(node:)?(http|https|net|tls|child_process)$/,
  'lambdas/handlers/': /^@aws-sdk|^(node:)?(http|https|net|tls|child_process)$/,
  'lib/': /^@aws-sdk|^@middy/,
};

const files = ['contract', 'lambdas', 'lib', 'bin', 'local'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s(?:[^'"=]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
    ),
  ].map(([, fixed, lazy]) => (fixed ?? lazy)!);

const floorOf = <T>(rules: Readonly<Record<string, T>>, file: string): T | undefined => {
  const prefix = Object.keys(rules)
    .filter((rule) => file.startsWith(rule))
    .sort((a, b) => b.length - a.length)[0];
  return prefix === undefined ? undefined : rules[prefix];
};

test('every file imports only from the floors it may', () => {
  const broken = files.flatMap((file) => {
    const allowed = floorOf(ours, file);
    const same = `${dirname(file).split('/').slice(0, 3).join('/')}/`;
    return importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative('.', join(dirname(file), name)))
      .filter((target) => !allowed?.some((rule) => target.startsWith(rule.replace('lambdas/adapters/SAME/', same))))
      .map((target) => `${file} imports ${target}`);
  });
  expect(broken).toEqual([]);
});

test('no floor imports a package it must not know', () => {
  const broken = files.flatMap((file) => {
    const banned = floorOf(never, file);
    return importsOf(file)
      .filter((name) => !name.startsWith('.') && banned?.test(name))
      .map((name) => `${file} imports ${name}`);
  });
  expect(broken).toEqual([]);
});

test('the domain has no clock, no randomness and no process', () => {
  const broken = files
    .filter((file) => file.startsWith('lambdas/domain/'))
    .filter((file) =>
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bcrypto\.|\bBuffer\b|\bfetch\(/.test(
        readFileSync(file, 'utf8'),
      ),
    );
  expect(broken).toEqual([]);
});

test('SS-23 nothing but the egress guard can name fetch', () => {
  const broken = files
    .filter((file) => file.startsWith('lambdas/') && !file.startsWith('lambdas/adapters/egress/'))
    .filter((file) => /(?<![.\w'])fetch\(/.test(readFileSync(file, 'utf8').replace(/`[^`]*`/gs, '')));
  expect(broken).toEqual([]);
});

test('in a growing folder outsiders import the index or the type file only', () => {
  const growing = ['cascade', 'credentials', 'invocations', 'proofs'].map((name) => `lambdas/domain/${name}/`);
  const members =
    /\/(key|team|org|user|agent|toolset|none|api-key|bearer-token|basic|rest|mcp|chat|bearer|api-key-header)\.ts$/;
  const broken = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative('.', join(dirname(file), name)))
      .filter(
        (target) =>
          growing.some((folder) => target.startsWith(folder) && !file.startsWith(folder)) && members.test(target),
      )
      .map((target) => `${file} imports ${target}`),
  );
  expect(broken).toEqual([]);
});

test('no source file is longer than 150 lines', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 151);
  expect(long).toEqual([]);
});
