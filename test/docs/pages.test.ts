import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { anchorsOf, linksOf, pages } from './pages.ts';

const made = new Set(['node_modules', '.git', 'cdk.out', '.local', 'coverage']);
const files = readdirSync('.', { withFileTypes: true })
  .filter(({ name }) => !made.has(name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(entry.name, { recursive: true, withFileTypes: true })
          .filter((inside) => inside.isFile())
          .map((inside) => join(inside.parentPath, inside.name))
      : [entry.name],
  );

const holding = (pattern: RegExp | string): readonly string[] =>
  files.filter((file) => {
    const text = readFileSync(file, 'utf8');
    return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
  });

test('README.md has at most 200 lines', () => {
  expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

test('every relative link of a page leads to a file, and its anchor to a heading', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page).flatMap((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return [`${page}: ${link}`];
      return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : [`${page}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('every decision is in the list of decisions', () => {
  const listed = linksOf('docs/decisions/README.md');
  const records = readdirSync('docs/decisions').filter((name) => name !== 'README.md');
  expect(records.filter((name) => !listed.includes(name))).toEqual([]);
});

test('no file carries a path of the machine it was written on', () => {
  expect(holding(`${process.cwd()}/`)).toEqual([]);
  expect(holding(`${homedir()}/`)).toEqual([]);
  expect(holding(/\/(?:home|Users)\/[a-z]/i)).toEqual([]);
});

test('no file names the registry that packages were installed from', () => {
  expect(holding(/\bregistry\.[a-z0-9-]+\.[a-z]{2,}/)).toEqual([]);
  expect(holding(/"resolved"\s*:\s*"http/)).toEqual([]);
  const registry = URL.parse(process.env['npm_config_registry'] ?? '');
  if (registry) expect(holding(registry.host)).toEqual([]);
});
