import { expect, test } from '@jest/globals';
import { planCalls, type Rules, unused } from '../../../lambdas/domain/chat/plan.ts';
import { aCall, anOffer, theOffers } from '../../support/chat.ts';

const rules = (given: Partial<Rules> = {}): Rules => ({ offers: theOffers(), approvals: new Map(), ...given });
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
/** What becomes of each call, in a word. */
const fates = (calls: Parameters<typeof planCalls>[0], given: Partial<Rules> = {}) =>
  planCalls(calls, unused, rules(given)).steps.map((step) => (step.do === 'tell' ? step.status : step.do));

test('gateway tools run with their arguments, the caller’s functions go back, other names are unknown', () => {
  const plan = planCalls([aCall('a', 'wiki__echo', { x: 1 }), aCall('b', 'mine'), aCall('c', 'gone')], unused, rules());
  expect(plan.steps).toMatchObject([
    { do: 'run', arguments: { x: 1 }, offer: { alias: 'wiki', tool: 'echo' } },
    { do: 'return', call: { id: 'b' } },
    { do: 'tell', status: 'unknown_tool', text: 'Error: unknown tool gone' },
  ]);
  expect(plan).not.toHaveProperty('stopped');
});

test('where no gateway tool is offered every call is the caller’s', () => {
  expect(fates([aCall('a', 'anything')], { offers: theOffers([], []) })).toEqual(['return']);
});

test.each(['{', '[]', '7', 'null', '"x"', '{"a":1,"a":2}', '{"__proto__":{}}'])(
  'the arguments %s are told to the model as malformed',
  (args) => expect(fates([aCall('a', 'wiki__echo', args)])).toEqual(['malformed_arguments']),
);

test('CL-02 the third identical call is not made, however its arguments are spelled, and stops the tools', () => {
  const same = ['{"a":1,"b":[2]}', '{"b": [2], "a": 1.0}', '{"a":1e0,"b":[2]}'];
  const calls = same.map((args, n) => aCall(`c${n}`, 'wiki__echo', args));
  expect(fates(calls)).toEqual(['run', 'run', 'repeated_call']);
  const first = planCalls(calls.slice(0, 1), unused, rules());
  const second = planCalls(calls.slice(1, 2), first.used, rules());
  expect(planCalls(calls.slice(2), second.used, rules())).toMatchObject({
    stopped: 'repeated_call',
    steps: [{ do: 'tell', status: 'repeated_call' }],
  });
  expect(fates([...calls.slice(0, 2), aCall('d', 'wiki__echo', '{"a":2,"b":[2]}')])).toEqual(['run', 'run', 'run']);
});

test('CL-03 of fifty calls twenty-five run, the others are told why not', () => {
  const calls = times(50, (n) => aCall(`c${n}`, 'wiki__echo', { n }));
  expect(fates(calls)).toEqual([...times(25, () => 'run'), ...times(25, () => 'max_tool_calls')]);
  expect(fates(calls.slice(0, 3), { maxCalls: 2 })).toEqual(['run', 'run', 'max_tool_calls']);
  const { used, stopped } = planCalls(calls.slice(0, 25), unused, rules());
  expect(stopped).toBeUndefined();
  expect(planCalls(calls.slice(25, 26), used, rules())).toMatchObject({ stopped: 'max_tool_calls' });
});

test('the first limit that was met is the one that is told', () => {
  const calls = [
    ...times(3, (n) => aCall(`a${n}`)),
    aCall('b', 'wiki__echo', { n: 1 }),
    aCall('c', 'wiki__echo', { n: 2 }),
  ];
  expect(planCalls(calls, unused, rules({ maxCalls: 3 })).stopped).toBe('repeated_call');
  expect(planCalls(calls.toReversed(), unused, rules({ maxCalls: 1 })).stopped).toBe('max_tool_calls');
});

test('a call that needs approval waits, runs with it, and is told without it', () => {
  const offers = theOffers([anOffer({ approval: true })]);
  const fate = (approvals: ReadonlyMap<string, boolean>) => fates([aCall('a')], { offers, approvals });
  expect(fate(new Map())).toEqual(['return']);
  expect(fate(new Map([['a', true]]))).toEqual(['run']);
  expect(fate(new Map([['a', false]]))).toEqual(['rejected']);
  expect(fate(new Map([['b', true]]))).toEqual(['return']);
});

test('CL-18 integers that no double holds stay as they are written', () => {
  const { steps } = planCalls([aCall('a', 'wiki__echo', '{"n":12345678901234567890}')], unused, rules());
  expect(JSON.stringify(steps[0]?.do === 'run' && steps[0].arguments)).toBe('{"n":12345678901234567890}');
});
