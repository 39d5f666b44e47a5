/** A process that has just loaded the handlers: its first list reads everything and runs uncompiled code. */
import { answerParent } from './child.ts';
import type { GatewayProcess } from './gateway.ts';
import { eventOf, openHandlers } from './in-process.ts';
import { listRequest } from './lists.ts';
import { quiet } from './quiet.ts';

quiet();

answerParent(undefined, {
  list: async ({ gateway, caller }: { gateway: GatewayProcess; caller: string }) => {
    const handlers = await openHandlers(gateway);
    const event = eventOf(listRequest, caller);
    const begun = performance.now();
    await handlers.mcp(event);
    return performance.now() - begun;
  },
});
