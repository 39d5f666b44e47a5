import type { ToolDefinition } from '../../definition.ts';
import { isObject } from '../../protocol/jsonrpc.ts';
import { placeOf } from '../place.ts';
import type { Finding, Kind } from './finding.ts';

/** Words that alone mean code. */
const codeWords = new Set(['bash', 'cmd', 'eval', 'exec', 'powershell', 'shell', 'sql', 'subprocess', 'terminal']);
/** Words that together mean code, or writing of anything anywhere. */
const runs = new Set(['execute', 'run']);
const runnable = new Set(['code', 'command', 'commands', 'javascript', 'js', 'process', 'python', 'query', 'script']);
const writes = new Set([
  'append',
  'create',
  'delete',
  'edit',
  'move',
  'overwrite',
  'remove',
  'rename',
  'upload',
  'write',
]);
const writable = new Set(['directory', 'dir', 'disk', 'file', 'files', 'filesystem', 'folder', 'path']);
/** Arguments that hold code by their name. */
const codeArguments = new Set([
  'bash',
  'cmd',
  'command',
  'javascript',
  'python',
  'script',
  'shell',
  'source_code',
  'sql',
]);

/** The words of a name in any of the usual spellings: `runSQL`, `run_sql`, `run.sql`. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

const has = (words: readonly string[], set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));

const ofName = (name: string): Pick<Finding, 'severity' | 'explanation'> | undefined => {
  const words = wordsOf(name);
  if (has(words, codeWords) || (has(words, runs) && has(words, runnable)))
    return { severity: 'high', explanation: 'By its name the tool runs whatever code or command it is given.' };
  return has(words, writes) && has(words, writable)
    ? { severity: 'medium', explanation: 'By its name the tool writes or removes whatever file it is told to.' }
    : undefined;
};

const argumentsOf = ({ inputSchema }: ToolDefinition): readonly string[] =>
  isObject(inputSchema['properties']) ? Object.keys(inputSchema['properties']).sort() : [];

/** Tools that can do anything, by their name or by an argument that takes code. */
export const power: Kind = {
  name: 'generic_power',
  find: ({ snapshot }) =>
    snapshot.tools.flatMap((tool) => {
      const named = ofName(tool.name);
      const where = `tool ${tool.name}`;
      if (named) return [{ ...named, where: placeOf(where, ['name']), evidence: tool.name }];
      return argumentsOf(tool)
        .filter((argument) => codeArguments.has(argument.toLowerCase()))
        .map((argument) => ({
          severity: 'medium' as const,
          where: placeOf(where, ['inputSchema', 'properties', argument]),
          evidence: argument,
          explanation: 'By its name the argument takes code or a command to run.',
        }));
    }),
};
