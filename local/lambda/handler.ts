import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResponseStream } from './response-stream.ts';

/** What a function exports: buffered handlers take (event, context), streaming ones (event, stream, context). */
export type Handler = (event: unknown, second: ResponseStream | object, context?: object) => unknown;

/** An error of the environment's own, with the type Lambda reports it under. */
const runtimeError = (name: string, message: string) => Object.assign(new Error(message), { name });

/** Loads `file.export` from a function's folder. Throws `Runtime.ImportModuleError` or `Runtime.HandlerNotFound` as Lambda does. */
export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const path = ['.mjs', '.js', '.cjs'].map((ending) => join(folder, file + ending)).find(existsSync);
  if (path === undefined) throw runtimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const exported = loaded[name] ?? loaded.default?.[name];
  if (typeof exported !== 'function')
    throw runtimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  return exported as Handler;
}
