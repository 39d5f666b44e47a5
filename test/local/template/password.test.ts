import { expect, test } from '@jest/globals';
import { GenerateSecretString, generateSecret } from '../../../local/template/password.ts';

const generate = (recipe: object) => generateSecret(GenerateSecretString.parse(recipe));

test('a password has its length, every included kind and no excluded character', () => {
  for (let round = 0; round < 50; round += 1) {
    const password = generate({ PasswordLength: 12, ExcludePunctuation: true, ExcludeCharacters: 'abc0' });
    expect(password).toMatch(/^[d-zA-Z1-9]{12}$/);
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/]) expect(password).toMatch(kind);
  }
  expect(generate({})).toHaveLength(32);
});

test('a template keeps its fields and gains the password under the key', () => {
  const secret = JSON.parse(generate({ SecretStringTemplate: '{"user":"root"}', GenerateStringKey: 'word' }));
  expect(secret).toEqual({ user: 'root', word: expect.any(String) });
});
