import { expect, test } from '@jest/globals';
import { resolveReferences } from '../../../local/template/dynamic-reference.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-AbCdEf';
const secrets: Readonly<Record<string, string>> = { [arn]: '{"header":"h1"}', plain: 'p1' };
const resolve = (text: string) => resolveReferences(text, async (id) => secrets[id] ?? '{}');

test('a reference by ARN or by name is replaced by the secret or its field', async () => {
  expect(await resolve(`{{resolve:secretsmanager:${arn}:SecretString:header::}}`)).toBe('h1');
  expect(await resolve('{{resolve:secretsmanager:plain}}')).toBe('p1');
  expect(await resolve('a {{resolve:secretsmanager:plain:SecretString:::}} b {{resolve:secretsmanager:plain}}')).toBe(
    'a p1 b p1',
  );
  expect(await resolve('nothing to do')).toBe('nothing to do');
});

test('a field that is not there and a reference of another kind are errors without a value in them', async () => {
  await expect(resolve(`{{resolve:secretsmanager:${arn}:SecretString:nope::}}`)).rejects.toThrow(
    `${arn} has no field nope`,
  );
  await expect(resolve('{{resolve:ssm:x}}')).rejects.toThrow('unknown kind');
});
