import { oneStage, synth } from '../local/synth.ts';
import { type Child, startChild } from './child.ts';
import type { GatewayProcess } from './gateway.ts';
import { closeConnections } from './http.ts';
import { type Handlers, openHandlers } from './in-process.ts';
import { fillWorld, type World } from './world.ts';

/** Everything that is measured, running: an upstream, the local runner, the handlers in this process. */
export interface Bench {
  /** The upstream's URL without a path. */
  readonly backend: string;
  readonly gateway: Child<GatewayProcess>;
  readonly world: World;
  readonly handlers: Handlers;
  close(): void;
}

/** Starts the parts on loopback and fills the gateway; throws, leaving nothing running, when one does not start. */
export async function openBench(): Promise<Bench> {
  await synth('cdk.out/local', oneStage);
  const closers: (() => void)[] = [closeConnections];
  const close = () => closers.splice(0).forEach((closer) => void closer());
  try {
    const backend = await startChild<string>(import.meta.resolve('./backend.ts'));
    closers.push(backend.close);
    const gateway = await startChild<GatewayProcess>(import.meta.resolve('./gateway.ts'));
    closers.push(gateway.close);
    process.env['MODELS'] = JSON.stringify([{ model: '*', base_url: `${backend.ready}/v1` }]);
    const world = await fillWorld(gateway.ready, backend.ready);
    return { backend: backend.ready, gateway, world, handlers: await openHandlers(gateway.ready), close };
  } catch (error) {
    close();
    throw error;
  }
}
