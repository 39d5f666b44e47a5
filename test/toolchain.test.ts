import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const { dependencies, devDependencies, optionalDependencies } = read('package.json');
const packages: Readonly<
  Record<
    string,
    { readonly resolved?: string; readonly integrity?: string; readonly version?: string; readonly inBundle?: boolean }
  >
> = read('package-lock.json').packages;

test('IA-12 every dependency is pinned exactly, but the Node binaries, which come per platform', () => {
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version)),
  );
  expect(loose).toEqual([]);
  expect(new Set(Object.values(optionalDependencies))).toEqual(new Set(['^24.0.0']));
});

test('IA-12 the lock file holds every pinned version with its integrity, and names no registry', () => {
  const pinned = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([name, version]) => packages[`node_modules/${name}`]?.version !== version,
  );
  expect(pinned).toEqual([]);
  // A bundled package is inside another's archive, whose integrity covers it.
  // A bundled package is inside another's archive, whose integrity covers it.
  const unchecked = Object.entries(packages).filter(
    ([path, entry]) => path !== '' && !entry.integrity && !entry.inBundle,
  );
  expect(unchecked.map(([path]) => path)).toEqual([]);
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
