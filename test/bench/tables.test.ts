import { expect, test } from '@jest/globals';
import { checkEcho, messageOf } from '../../bench/messages.ts';
import { jsonOf } from '../../bench/peer-calls.ts';
import { figure, render } from '../../bench/table.ts';
import { oneProcess, peerTargetTable, targetTable } from '../../bench/targets.ts';

test('figures have about three digits', () => {
  expect([0.31249, 2.345, 31.55, 312.4, -0.5, Number.NaN].map(figure)).toEqual([
    '0.312',
    '2.35',
    '31.6',
    '312',
    '-0.500',
    '–',
  ]);
});

test('a table is Markdown, texts to the left and figures to the right', () => {
  const text = render({
    title: 'T',
    columns: ['name', 'ms'],
    rows: [
      ['direct', 0.3],
      ['x', 12],
    ],
  });
  expect(text.split('\n')).toEqual([
    '## T',
    '',
    '| name   |    ms |',
    '| ------ | ----: |',
    '| direct | 0.300 |',
    '| x      |  12.0 |',
    '',
  ]);
});

test('a target is met or missed by the figure of its own row and column', () => {
  const calls = {
    title: 'calls',
    columns: ['through', 'p50 added', '× direct'],
    rows: [
      ['in process, REST', 0.29, 0.41],
      ['in process, MCP', 0.31, 0.39],
    ],
  };
  const chats = {
    title: 'chats',
    columns: ['chat', 'p50', 'p50 added', 'added a round'],
    rows: [
      ['chat, one tool call', 9, 3, 1.5],
      ['chat, first token', 9, 5.1, 5.1],
      ['chat, five calls of 100 ms', 120, 9, 4],
    ],
  };
  const lists = { title: 'lists', columns: ['list', 'p50'], rows: [['MCP, warm', 4.9]] };
  const imports = {
    title: 'imports',
    columns: ['bundle', '× bare client'],
    rows: [
      ['authorizer', 1.2],
      ['tools', 1.6],
      ['mcp', 1.4],
    ],
  };
  const aws = {
    title: 'aws',
    columns: ['request', 'cold', 'warm'],
    rows: [
      ['call, REST', 'GetItem 1', 'none'],
      ['call, MCP', 'GetItem 1', 'Query 1'],
    ],
  };
  const verdicts = targetTable([calls, chats, lists, imports, aws]).rows.map((row) => row.at(-1));
  expect(verdicts).toEqual([
    'met',
    'missed',
    'met',
    'missed',
    'met',
    'missed',
    'met',
    'met',
    'met',
    'missed',
    'met',
    'met',
    'missed',
  ]);
  expect(() => targetTable([calls])).toThrow('no table has chat, one tool call, added a round');
});

test('only the tool’s own answer with the text of that call counts as right', () => {
  const result = { content: [{ type: 'text', text: messageOf(5) }] };
  expect(() => checkEcho({ status: 200, text: JSON.stringify(result) }, 5)).not.toThrow();
  expect(() => checkEcho({ status: 200, text: JSON.stringify({ jsonrpc: '2.0', id: 1, result }) }, 5)).not.toThrow();
  expect(() => checkEcho({ status: 200, text: JSON.stringify(result) }, 6)).toThrow('call 6');
  expect(() => checkEcho({ status: 429, text: JSON.stringify(result) }, 5)).toThrow('429');
});

test('the gateway is measured against the fastest peer, and twice its calls a second meet the target', () => {
  const throughput = {
    title: 'calls',
    columns: ['through', 'calls/s'],
    rows: [
      ['in process, MCP', 2000],
      [oneProcess, 1999],
      ['slow', 10],
      ['fast', 1000],
    ],
  };
  expect(peerTargetTable(throughput, ['slow', 'fast', 'absent']).rows).toEqual([
    ['in process, MCP, × fast', '≥ 2', '2.00', 'met'],
    [`${oneProcess}, × fast`, '≥ 2', '2.00', 'missed'],
  ]);
});

test('an answer is the same as JSON and as the last event of a stream', () => {
  expect(jsonOf('{"a":1}')).toBe('{"a":1}');
  expect(jsonOf('event: message\ndata: {"a":0}\n\nid: 7\ndata: {"a":1}\n\n')).toBe('{"a":1}');
});
