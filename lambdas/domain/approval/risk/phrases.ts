import type { Finding } from './finding.ts';

/** Words, in folded text, that speak to the model and not of the tool. */
interface Phrase extends Pick<Finding, 'severity' | 'explanation'> {
  /** Gaps are bounded, so that no text makes it slow. */
  readonly pattern: RegExp;
}

/** What is known of hidden instructions; each is shown once for each text it stands in. */
export const phrases: readonly Phrase[] = [
  {
    pattern:
      /\b(?:ignore|disregard|forget) (?:(?:all|any|every|the|your|my|of|these|those) ){0,3}(?:previous|prior|earlier|preceding|above|system (?:prompt|message)|instructions?|prompts?|guidelines)\b|\b(?:override|bypass) (?:(?:all|any|the|your|previous|prior|system|safety) ){0,3}(?:instructions?|prompts?|guidelines)\b|\byou are now\b/,
    severity: 'high',
    explanation: 'It tells the model to drop the instructions it has.',
  },
  {
    pattern:
      /\b(?:do not|don't|dont|never|must not|should not|without) (?:ever )?(?:tell|inform|mention|reveal|show|notify|alert|warn)(?:ing)?\b.{0,40}\b(?:users?|humans?|anyone|persons?|people|operator)\b|\b(?:keep|hide) (?:this|it|that) (?:a )?(?:secret|hidden|from)\b/,
    severity: 'high',
    explanation: 'It tells the model to keep something from the user.',
  },
  {
    pattern:
      /<\/? ?(?:important|system|instructions?|assistant|secret|hidden|critical|admin)\b ?[^<>]{0,80}>|<\|[a-z_]{1,20}\|>|\[\/?(?:inst|system)\]|\b(?:system|developer) (?:prompt|message|instructions?|note) ?:|"role" ?: ?"(?:system|developer)"/,
    severity: 'high',
    explanation: 'It imitates the markup of a system message.',
  },
  {
    pattern:
      /~\/\.[a-z]|\bid_(?:rsa|ed25519|ecdsa)\b|\/etc\/(?:passwd|shadow)\b|\bmcp\.json\b|(?<![\w)])\.env\b|\.aws\/credentials\b/,
    severity: 'high',
    explanation: 'It names a file where secrets are kept.',
  },
  {
    pattern:
      /\b(?:conversation|chat|message) history\b|\b(?:entire|whole|full) (?:conversation|chat|context)\b|\bsystem prompt\b/,
    severity: 'medium',
    explanation: 'It asks for the conversation, which may hold what other servers answered.',
  },
  {
    pattern:
      /\bbefore (?:using|calling|invoking|running)\b|\b(?:always|must) (?:first )?(?:call|use|invoke|run) (?:this|me)\b|\b(?:call|use|run|invoke) (?:me|this|this tool) (?:first|before)\b|\binstead of (?:using )?(?:any|all|every|the) other\b/,
    severity: 'medium',
    explanation: 'It tells the model when to call it, or not to call others.',
  },
  {
    pattern: /\bwithout (?:asking|confirm(?:ing|ation)|(?:user |any )?(?:approval|consent|permission))\b/,
    severity: 'medium',
    explanation: 'It tells the model not to ask.',
  },
];
