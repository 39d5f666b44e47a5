import type { ChatBody } from '../../../contract/chat.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Offers } from '../../domain/chat/offer.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { AccountModel, Model, Models } from '../../ports/model.ts';
import type { Snapshots, Worlds } from '../../ports/table.ts';
import type { Signal } from '../../ports/upstream.ts';
import type { Seal } from '../../ports/vault.ts';
import type { CallPorts } from '../call.ts';
import type { Narrowing } from '../resolve.ts';

type Json = Readonly<Record<string, unknown>>;

/** One request at the chat door. */
export interface ChatRequest {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly requestId: string;
  readonly body: ChatBody;
  readonly idempotencyKey?: string | undefined;
  /** Host and port of every URL that leads here. */
  readonly ownHosts: readonly string[];
  /** How long all of it may take. */
  readonly limitMs: number;
  /** The refusal for a fault, which it logs: when an answer has begun, nobody else can turn it into a status. */
  readonly refuse: (fault: unknown) => Refusal;
  /** How a refusal reads inside of a stream. */
  readonly renderError: (refusal: Refusal) => object;
}

/** What the chat door asks of the world. */
export interface ChatPorts extends CallPorts {
  readonly worlds: Worlds;
  readonly snapshots: Snapshots;
  readonly seal: Seal;
  readonly models: Models;
  readonly accountModel: AccountModel;
}

/** Where offers come from: how far a call through it reaches, and what goes along. */
export interface Source {
  readonly narrowing: Narrowing;
  readonly headers: ChatRequest['headers'];
}

/** How the work speaks while it goes on; where nobody streams, it says nothing. */
export interface Voice {
  /** A part of the model's answer that is for the caller. */
  chunk(chunk: Json): void;
  /** Something that happened to a tool call. */
  event(xct: Json): void;
  /** Aborted when nobody listens any more. */
  readonly signal: Signal;
}

/** A conversation under way: all that its stages share and none of them changes. */
export interface Talk {
  readonly request: ChatRequest;
  readonly ports: ChatPorts;
  readonly model: Model;
  readonly offers: Offers;
  readonly sources: readonly Source[];
  readonly voice: Voice;
  /** How often each call was made under an idempotency key. */
  readonly repeats: Map<string, number>;
  /** On the scale of `ports.clock`. */
  readonly until: number;
}

/** Milliseconds left for the next thing. */
export const leftMs = ({ until, ports }: Talk): number => Math.max(1, until - ports.clock());
