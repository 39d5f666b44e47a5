import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';

function preflight(version: string) {
  const said: string[] = [];
  let status: number | undefined;
  runInNewContext(readFileSync('local/preflight.js', 'utf8'), {
    process: {
      versions: { node: version },
      exit: (code: number) => {
        status = code;
      },
    },
    console: { error: (line: string) => said.push(line) },
  });
  return { status, said };
}

test('a Node that is too old gets one friendly sentence and exit code 1', () => {
  const { status, said } = preflight('20.19.0');
  expect(status).toBe(1);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('npm start');
});

test('Node 24 and later pass in silence', () => {
  expect(preflight('24.0.0')).toEqual({ status: undefined, said: [] });
  expect(preflight('26.1.0')).toEqual({ status: undefined, said: [] });
});

test('the preflight is plain enough for Node 12', () => {
  expect(readFileSync('local/preflight.js', 'utf8')).not.toMatch(/\?\?|\?\.|\bimport\b|\brequire\b|=>/);
});
