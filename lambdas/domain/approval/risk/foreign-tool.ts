import { splitFullName } from '../../names.ts';
import { excerpt } from '../visible.ts';
import { type Finding, type Kind, maxEvidence, type View } from './finding.ts';

type Mention = Pick<Finding, 'severity' | 'explanation'>;

const aTool: Mention = {
  severity: 'high',
  explanation: 'It names a tool of another server, and may steer or replace calls of it.',
};
const likeATool: Mention = { severity: 'medium', explanation: 'It names what another server calls a tool.' };
const aServer: Mention = { severity: 'low', explanation: 'It names another server of the org.' };

/** A name that is no word of a language: `search` says nothing, `search_issues` and `searchIssues` do. */
const isTelling = (tool: string): boolean => /[a-z0-9][_-][a-z0-9]|[a-z][A-Z]/.test(tool);

/** Reads the names of the other servers once, so that each word of a text costs one look. */
function mentionsOf({ others, snapshot }: View): (word: string) => Mention | undefined {
  const own = new Set(snapshot.tools.map(({ name }) => name.toLowerCase()));
  const byAlias = new Map(others.map(({ alias, tools }) => [alias, new Set(tools.map((tool) => tool.toLowerCase()))]));
  const telling = new Set(others.flatMap(({ tools }) => tools.filter(isTelling)).map((tool) => tool.toLowerCase()));
  return (word) => {
    const full = splitFullName(word);
    if (byAlias.has(word.split('__', 1)[0]!) && word.includes('__')) return aTool;
    if (full && byAlias.get(full.alias)?.has(full.tool)) return aTool;
    if (telling.has(word) && !own.has(word)) return likeATool;
    return byAlias.has(word) ? aServer : undefined;
  };
}

/** Mentions of other servers' tools and aliases (TD-06): `alias__tool`, `alias.tool`, a telling tool name, an alias. */
export const foreignTool: Kind = {
  name: 'foreign_tool',
  find(view) {
    const mentioned = mentionsOf(view);
    return view.texts.flatMap(({ where, text, folded }) => {
      const seen = new Set<string>();
      return [...folded.text.matchAll(/[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*/gu)].flatMap(({ 0: word, index }) => {
        const mention = seen.has(word) ? undefined : mentioned(word);
        if (mention === undefined) return [];
        seen.add(word);
        return [{ ...mention, where, evidence: excerpt(text, folded.from[index]!, maxEvidence) }];
      });
    });
  },
};
