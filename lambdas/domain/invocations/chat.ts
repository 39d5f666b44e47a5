import { exposeNames, modelNameLimit } from '../names.ts';
import type { Style } from './style.ts';

/** Toward a model: always `{alias}__{tool}`, so that a tool keeps its name whatever else is offered beside it. */
export const chat: Style = {
  name: (tools) => exposeNames(tools, { prefixed: true, limit: modelNameLimit }),
};
