import { expect, test } from '@jest/globals';
import { capabilitiesOf, covers } from '../../../lambdas/domain/protocol/capabilities.ts';
import { isHeard } from '../../../lambdas/domain/protocol/notices.ts';
import { isQuestion, stateBinding } from '../../../lambdas/domain/protocol/questions.ts';
import { acceptsEvents, messageEvent } from '../../../lambdas/domain/protocol/sse.ts';

test('capabilities are the union of what servers offer, tools always', () => {
  const offers = { prompts: true, resources: false, completions: false };
  expect(capabilitiesOf([])).toEqual({ tools: {} });
  expect(capabilitiesOf([{ offers }, {}])).toEqual({ tools: {}, prompts: {} });
  const other = { prompts: false, resources: true, completions: true };
  expect(capabilitiesOf([{ offers }, { offers: other }])).toEqual({
    tools: {},
    prompts: {},
    resources: {},
    completions: {},
  });
});

test('a method is served only where its capability is declared', () => {
  const none = { tools: {} };
  for (const method of ['prompts/list', 'resources/templates/list', 'completion/complete'])
    expect(covers(none, method)).toBe(false);
  for (const method of ['tools/list', 'ping', 'server/discover', 'constructor/x', 'logging/setLevel'])
    expect(covers(none, method)).toBe(true);
  expect(covers({ ...none, resources: {} }, 'resources/read')).toBe(true);
});

test('a client hears of progress, a legacy one of log messages, a modern one from the level it named', () => {
  const message = (level: unknown) => ({ method: 'notifications/message', params: { level } });
  expect(isHeard({ method: 'notifications/progress', params: {} }, 'modern', undefined)).toBe(true);
  expect(isHeard({ method: 'notifications/tools/list_changed', params: {} }, 'legacy', undefined)).toBe(false);
  expect(isHeard(message('debug'), 'legacy', undefined)).toBe(true);
  expect(isHeard(message('emergency'), 'modern', undefined)).toBe(false);
  expect(isHeard(message('info'), 'modern', 'warning')).toBe(false);
  expect(isHeard(message('error'), 'modern', 'warning')).toBe(true);
  expect(isHeard(message('novel'), 'modern', 'debug')).toBe(false);
});

test('events are taken where Accept names them', () => {
  expect(acceptsEvents(['application/json, text/event-stream'])).toBe(true);
  expect(acceptsEvents(['application/json', 'Text/Event-Stream;q=0.5'])).toBe(true);
  for (const accept of [undefined, [], ['application/json'], ['*/*']]) expect(acceptsEvents(accept)).toBe(false);
});

test('a message is one event, whatever line breaks its strings hold', () => {
  const event = messageEvent({ text: 'a\n\ndata: b\r\u2028' });
  expect(event).toBe('event: message\ndata: {"text":"a\\n\\ndata: b\\r\u2028"}\n\n');
});

test('MP-17 a state is bound to caller, server, method and name, with no way to run one into the next', () => {
  const caller = { org_id: 'o', key_id: 'k', role: 'member', tier: 'free', lineage: [] } as const;
  const bindings = [
    stateBinding(caller, 's', 'tools/call', 'a'),
    stateBinding({ ...caller, key_id: 'k2' }, 's', 'tools/call', 'a'),
    stateBinding({ ...caller, org_id: 'o2' }, 's', 'tools/call', 'a'),
    stateBinding(caller, 's2', 'tools/call', 'a'),
    stateBinding(caller, 's', 'prompts/get', 'a'),
    stateBinding(caller, 's', 'tools/call', 'a"]'),
  ];
  expect(new Set(bindings).size).toBe(bindings.length);
  expect([isQuestion({ resultType: 'input_required' }), isQuestion({})]).toEqual([true, false]);
});
