import { excerpt } from '../visible.ts';
import { type Kind, maxEvidence } from './finding.ts';
import { phrases } from './phrases.ts';

/** Instructions to the model in what should describe a tool (TD-06). */
export const instructions: Kind = {
  name: 'hidden_instruction',
  find: ({ texts }) =>
    texts.flatMap(({ where, text, folded }) =>
      phrases.flatMap(({ pattern, severity, explanation }) => {
        const at = folded.text.search(pattern);
        if (at < 0) return [];
        return [{ severity, where, evidence: excerpt(text, folded.from[at]!, maxEvidence), explanation }];
      }),
    ),
};
