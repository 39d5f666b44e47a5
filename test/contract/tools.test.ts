import { expect, test } from '@jest/globals';
import { CallBody, RestListQuery } from '../../contract/tools.ts';

const texts = (parsed: ReturnType<typeof CallBody.safeParse | typeof RestListQuery.safeParse>) =>
  parsed.error?.issues.map(({ path, message }) => [path.join('.'), message]);

test('the routes of tools say in English what is wrong, though they are written in zod/mini', () => {
  expect(texts(CallBody.safeParse({ name: 'a'.repeat(151) }))).toEqual([
    ['name', 'Too big: expected string to have <=150 characters'],
  ]);
  expect(texts(CallBody.safeParse({}))).toEqual([['name', 'Invalid input: expected string, received undefined']]);
  expect(texts(RestListQuery.safeParse({ limit: '1.5' }))).toEqual([
    ['limit', 'Invalid input: expected int, received number'],
  ]);
  expect(texts(RestListQuery.safeParse({ limit: '0' }))).toEqual([['limit', 'Too small: expected number to be >=1']]);
});

test('a call names its server once', () => {
  expect(texts(CallBody.safeParse({ name: 'a', server: 'b', server_id: 'c' }))).toEqual([
    ['server_id', 'give server or server_id, not both'],
  ]);
});
