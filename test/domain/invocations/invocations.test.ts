import { expect, test } from '@jest/globals';
import { styles } from '../../../lambdas/domain/invocations/index.ts';

const tools = [
  { alias: 'github', tool: 'issues.search' },
  { alias: 'linear', tool: 'find' },
];
const [github] = tools;

test('MCP prefixes names, but for a set of one server', () => {
  expect([...styles.mcp.name(tools, false).keys()]).toEqual(['linear__find', 'github__issues_search']);
  expect([...styles.mcp.name([github as (typeof tools)[0]], true)]).toEqual([['issues_search', github]]);
});

test('REST has full names, but for a set of one server, where names are those of MCP', () => {
  expect([...styles.rest.name(tools, false).keys()]).toEqual(['github.issues.search', 'linear.find']);
  expect([...styles.rest.name([github as (typeof tools)[0]], true)]).toEqual([['issues_search', github]]);
});

test('a model always hears the prefix, so that a tool keeps its name', () => {
  expect([...styles.chat.name([github as (typeof tools)[0]], true).keys()]).toEqual(['github__issues_search']);
});
