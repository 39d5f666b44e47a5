import { randomInt } from 'node:crypto';
import { z } from 'zod';

/** `GenerateSecretString` of `AWS::SecretsManager::Secret`, with CloudFormation's defaults. */
export const GenerateSecretString = z.object({
  PasswordLength: z.number().default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
  RequireEachIncludedType: z.boolean().default(true),
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
});
type Recipe = z.infer<typeof GenerateSecretString>;

const pick = (from: string): string => from[randomInt(from.length)]!;

function password(recipe: Recipe): string {
  const kinds = [
    recipe.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    recipe.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    recipe.ExcludeNumbers ? '' : '0123456789',
    recipe.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    recipe.IncludeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !recipe.ExcludeCharacters.includes(character)).join(''))
    .filter((kind) => kind !== '');
  for (;;) {
    const drawn = Array.from({ length: recipe.PasswordLength }, () => pick(kinds.join(''))).join('');
    const complete = kinds.every((kind) => [...kind].some((character) => drawn.includes(character)));
    if (complete || !recipe.RequireEachIncludedType) return drawn;
  }
}

/** A fresh secret text: the password alone, or the template's JSON with the password under its key. */
export function generateSecret(recipe: Recipe): string {
  if (recipe.GenerateStringKey === undefined) return password(recipe);
  const template = JSON.parse(recipe.SecretStringTemplate ?? '{}') as object;
  return JSON.stringify({ ...template, [recipe.GenerateStringKey]: password(recipe) });
}
