import { chatLimits, type Stop } from '../../../contract/chat.ts';
import { canonical } from '../canonical.ts';
import { fullName } from '../names.ts';
import { parseJson } from '../protocol/json.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import type { Offer, Offers } from './offer.ts';
import type { ToolCall } from './turn.ts';

type Json = Readonly<Record<string, unknown>>;

/** The how-manieth identical call is not made any more (CL-02). */
const alikeTooMany = 3;

/** What becomes of a tool call: it runs, it is answered without running, or it goes back to the caller. */
export type Step =
  | { readonly do: 'run'; readonly call: ToolCall; readonly offer: Offer; readonly arguments: Json }
  | {
      readonly do: 'tell';
      readonly call: ToolCall;
      readonly offer?: Offer;
      readonly status: string;
      readonly text: string;
    }
  | { readonly do: 'return'; readonly call: ToolCall; readonly offer?: Offer };

/** What a request has used up of its limits. */
export interface Used {
  readonly calls: number;
  /** How often each call was made, by tool and arguments. */
  readonly alike: ReadonlyMap<string, number>;
}

/** Nothing is used up. */
export const unused: Used = { calls: 0, alike: new Map() };

/** What becomes of each call of a message, in its order. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly used: Used;
  readonly stopped?: Stop;
}

/** What decides about calls beside themselves. */
export interface Rules {
  readonly offers: Offers;
  readonly maxCalls?: number | undefined;
  /** The caller's word on calls that wait for it. */
  readonly approvals: ReadonlyMap<string, boolean>;
}

const notJson = 'Error: the arguments are not a JSON object';

/** Decides about the calls of one message. Where no gateway tool is offered, every call is the caller's. */
export function planCalls(calls: readonly ToolCall[], used: Used, rules: Rules): Plan {
  const { offers, maxCalls = chatLimits.toolCalls, approvals } = rules;
  const alike = new Map(used.alike);
  let count = used.calls;
  let stopped: Stop | undefined;

  function decide(call: ToolCall): Step {
    const offer = offers.of.get(call.name);
    const tell = (status: string, text: string): Step => ({
      do: 'tell',
      call,
      ...(offer ? { offer } : {}),
      status,
      text,
    });
    if (offer === undefined) {
      if (offers.of.size === 0 || offers.own.has(call.name)) return { do: 'return', call };
      return tell('unknown_tool', `Error: unknown tool ${call.name}`);
    }
    const approved = approvals.get(call.id);
    if (offer.approval && approved === undefined) return { do: 'return', call, offer };
    if (offer.approval && !approved)
      return tell('rejected', 'Error: the user did not approve this call; it was not made.');
    const parsed = parseJson(call.arguments);
    if (!parsed.ok) return tell('malformed_arguments', `${notJson}: ${parsed.refusal}.`);
    if (!isObject(parsed.value)) return tell('malformed_arguments', `${notJson}.`);
    const name = `${fullName(offer)} ${canonical(parsed.value)}`;
    const times = (alike.get(name) ?? 0) + 1;
    alike.set(name, times);
    if (times >= alikeTooMany) {
      stopped ??= 'repeated_call';
      return tell('repeated_call', `Error: not called: the same call was made ${alikeTooMany - 1} times already.`);
    }
    if (count >= maxCalls) {
      stopped ??= 'max_tool_calls';
      return tell('max_tool_calls', `Error: not called: ${maxCalls} tool calls are the limit of one request.`);
    }
    count++;
    return { do: 'run', call, offer, arguments: parsed.value };
  }

  const steps = calls.map(decide);
  return { steps, used: { calls: count, alike }, ...(stopped === undefined ? {} : { stopped }) };
}
