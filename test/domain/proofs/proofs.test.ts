import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findProof, makeKey, readKey } from '../../../lambdas/domain/proofs/index.ts';

const base62 = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-Za-z]{${length}}$`));
const id = 'abcDEF012345';
const key = makeKey(id, 's'.repeat(32));
const other = makeKey(id, 't'.repeat(32));
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln';
const refused = { ok: false, refusal: { code: 'unauthorized' } };
const found = { ok: true, value: { id, secret: 's'.repeat(32), text: key } };

test('a key is read back, and its checksum is the CRC-32 of what stands before it', () => {
  fc.assert(
    fc.property(base62(12), base62(32), (id, secret) => {
      const text = makeKey(id, secret);
      expect(readKey(text)).toEqual({ id, secret, text });
      const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
      const sum = [...text.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
      expect(sum).toBe(crc32(text.slice(0, -6)));
    }),
    { seed: 7 },
  );
});

test('AU-03 a key with any one character changed is refused', () => {
  fc.assert(
    fc.property(
      base62(12),
      base62(32),
      fc.nat(54),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      (id, secret, at, char) => {
        const text = makeKey(id, secret);
        fc.pre(text[at] !== char);
        expect(readKey(text.slice(0, at) + char + text.slice(at + 1))).toBeUndefined();
      },
    ),
    { seed: 8, numRuns: 1000 },
  );
  for (const text of ['', 'xct_', `${key} `, ` ${key}`, `${key}\n`, key.slice(1), `${key}0`])
    expect(readKey(text)).toBeUndefined();
});

test.each([
  { Authorization: [`Bearer ${key}`] },
  { authorization: [`bearer  ${key}`] },
  { 'X-Xct-Api-Key': [key] },
  { 'x-litellm-api-key': [key] },
  { 'x-litellm-api-key': [`Bearer ${key}`] },
  { authorization: [`Bearer ${key}`], 'x-xct-api-key': [key] },
  { authorization: [`Bearer ${jwt}`], 'x-xct-api-key': [key] },
  { authorization: ['Bearer gho_upstreamToken'], 'x-xct-api-key': [key] },
  { 'x-xct-api-key': [key], cookie: ['a', 'b'], authorization: [] },
])('a key is found in each of its headers, beside itself and beside a foreign token: %j', (headers) => {
  expect(findProof(headers)).toEqual(found);
});

test.each([
  { authorization: [`Bearer ${key}`, `Bearer ${key}`] },
  { authorization: [`Bearer ${key}`], Authorization: [`Bearer ${other}`] },
  { 'x-xct-api-key': [key, key] },
  { authorization: [`Bearer ${key}`], 'x-xct-api-key': [other] },
  { 'x-xct-api-key': [key], 'x-litellm-api-key': [other] },
  { authorization: [`Bearer ${jwt}`, `Bearer ${jwt}`], 'x-xct-api-key': [key] },
  { 'x-xct-api-key': [`${key},${key}`] },
])('MP-21 a repeated header and two different keys are refused: %j', (headers) => {
  expect(findProof(headers)).toEqual(refused);
});

test.each([
  null,
  undefined,
  {},
  { authorization: undefined },
  { authorization: [`Bearer ${jwt}`] },
  { authorization: ['Bearer x'] },
  { authorization: ['Bearer'] },
  { authorization: [key] },
  { authorization: [`Basic ${key}`] },
  { authorization: ['garbage'], 'x-xct-api-key': [key] },
  { authorization: [`Bearer ${key.slice(0, -1)}`], 'x-xct-api-key': [key] },
  { 'x-xct-api-key': [`Bearer ${key}`] },
  { 'x-xct-api-key': [''] },
  { 'x-litellm-api-key': ['sk-1234'] },
  { 'x-api-key': [key] },
])('AU-09 no key, a foreign token alone and a malformed header are refused: %j', (headers) => {
  expect(findProof(headers)).toEqual(refused);
});
