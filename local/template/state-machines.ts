import { z } from 'zod';
import type { Stack } from './stack.ts';
import { validateDefinition } from './valid-definition.ts';

const StateMachine = z.object({
  StateMachineType: z.literal('STANDARD').optional(),
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
});

/** The template's state machines. Throws on an express one, and on a definition that is not a text or not valid. */
export const readStateMachines = (stack: Stack): readonly { readonly arn: string; readonly definition: string }[] =>
  stack.resources(StateMachine, 'AWS::StepFunctions::StateMachine').map(({ id, properties }) => {
    const definition = properties.DefinitionString.replace(
      /\$\{(\w+)\}/g,
      (found, name: string) => properties.DefinitionSubstitutions[name] ?? found,
    );
    validateDefinition(stack.assembly.folder, id, definition);
    return { arn: stack.arn(id), definition };
  });
