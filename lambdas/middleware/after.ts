import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { After } from '../ports/meter.ts';
import { logFault } from './observe.ts';

/** What is still to be done for a request, by its event. */
const remaining = new WeakMap<object, Promise<unknown>[]>();

/** Takes work that a request is not over without. */
export const afterOf =
  (event: APIGatewayProxyEvent): After =>
  (work) => {
    const works = remaining.get(event) ?? [];
    remaining.set(event, works);
    works.push(work.catch((fault: unknown) => logFault(event.requestContext.requestId, event.resource, fault)));
  };

/** Middy plugin that waits for that work: before the answer where it is returned, after its last byte where it is streamed. */
export const finish = {
  async requestEnd({ event }: { readonly event: unknown }): Promise<void> {
    await Promise.all(remaining.get(event as APIGatewayProxyEvent) ?? []);
  },
};
