import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { Signal } from './upstream.ts';

type Json = Readonly<Record<string, unknown>>;

/** How long an answer of a model may take, and who waits for it. */
export interface Patience {
  /** To the last byte. */
  readonly timeoutMs: number;
  readonly signal: Signal;
}

/** A model that the settings know, behind an OpenAI-compatible API. Bodies name it as the caller does. */
export interface Model {
  /** The name in the settings that it was found by: few, where callers may choose from many. */
  readonly setting: string;
  /** A whole chat completion, as the provider gave it. */
  complete(body: Json, patience: Patience): Promise<Result<Json, Refusal>>;
  /** Hands on each chunk as it comes; ok when the provider has ended the stream. */
  stream(body: Json, patience: Patience, onChunk: (chunk: Json) => void): Promise<Result<undefined, Refusal>>;
}

/** The models of the settings. */
export interface Models {
  /** The names in the settings; one that ends with `*` stands for every name that begins so. */
  readonly names: readonly string[];
  /** By exact name, else by the longest beginning. */
  find(name: string): Model | undefined;
}

/** One answer of a model, by OpenTelemetry's names for it. */
export type AccountModel = (line: Readonly<Record<string, string | number | undefined>>) => void;

/** The secret of a provider, by the id that the settings give it. */
export type ModelKey = (secretId: string) => Promise<string>;
