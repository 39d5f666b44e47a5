import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** asl-validator, which ships no types; loaded only when there is something to validate. */
type Validate = (definition: unknown) => { readonly isValid: boolean; errorsText(): string };

/** Validates the definition of a state machine against the Amazon States Language. Since that takes half a second, a definition found valid is noted in the assembly and not looked at again. Throws with what is wrong. */
export function validateDefinition(assembly: string, id: string, definition: string): void {
  const note = join(assembly, `valid-definition-${createHash('sha256').update(definition).digest('hex')}`);
  if (existsSync(note)) return;
  const validation = (require('asl-validator') as Validate)(JSON.parse(definition));
  if (!validation.isValid) throw new Error(`state machine ${id} is not valid:\n${validation.errorsText()}`);
  writeFileSync(note, '');
}
