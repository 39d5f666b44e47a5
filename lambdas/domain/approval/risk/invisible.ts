import { excerpt } from '../visible.ts';
import { type Finding, type Kind, maxEvidence } from './finding.ts';

interface Class extends Pick<Finding, 'severity' | 'explanation'> {
  readonly pattern: RegExp;
}

const classes: readonly Class[] = [
  {
    // One variation selector gives an emoji its colour; two in a row carry data.
    pattern: /[\u{e0000}-\u{e0fff}]|[\ufe00-\ufe0f]{2}/u,
    severity: 'high',
    explanation: 'It holds text in characters that show nothing and that models can read.',
  },
  {
    pattern: /[\u202a-\u202e\u2066-\u2069]/u,
    severity: 'high',
    explanation: 'It turns the direction of reading, so that people see another text than the model.',
  },
  {
    pattern: /[\p{Cc}--[\t\n\r]]/v,
    severity: 'high',
    explanation: 'It holds control characters, which can rewrite what a terminal shows.',
  },
  {
    // Joiners belong between letters of many scripts and between emoji; beside ASCII or each other they do not.
    pattern:
      /[\p{DI}--[\u200c\u200d\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\u{e0000}-\u{e0fff}]]|[\u2028\u2029\u2800]|(?<![[^\p{ASCII}]--[\u200c\u200d]])[\u200c\u200d]|[\u200c\u200d](?![[^\p{ASCII}]--[\u200c\u200d]])/v,
    severity: 'medium',
    explanation: 'It holds characters without width, which hide words from search and from eyes.',
  },
  {
    pattern: /[\p{Co}\p{Cs}[\p{Cn}--\p{DI}]]/v,
    severity: 'low',
    explanation: 'It holds characters that have no meaning in Unicode.',
  },
  {
    pattern: /\s{64}/,
    severity: 'medium',
    explanation: 'A long run of white space pushes what follows out of sight.',
  },
];

/** Characters that a reviewer does not see or sees elsewhere (TD-05). */
export const invisible: Kind = {
  name: 'invisible_text',
  find: ({ texts }) =>
    texts.flatMap(({ where, text }) =>
      classes.flatMap(({ pattern, severity, explanation }) => {
        const at = text.search(pattern);
        return at < 0 ? [] : [{ severity, where, evidence: excerpt(text, at, maxEvidence), explanation }];
      }),
    ),
};
