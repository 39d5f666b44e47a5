/** `npm start`: synthesizes the stack and serves it on this machine with a demo in it. */
import { parseArgs } from 'node:util';
import { startGateway } from './gateway.ts';
import { oneStage, synth } from './synth.ts';

const folder = '.local';
const assembly = 'cdk.out/local';
const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    fresh: { type: 'boolean', default: false },
    'no-demo': { type: 'boolean', default: false },
  },
});

const parts: string[] = [];
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  process.stdout.write(`${name} …`);
  const begun = performance.now();
  const done = await work();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  parts.push(`${name} ${seconds} s`);
  process.stdout.write(` ${seconds} s\n`);
  return done;
}

async function stop(closers: (() => unknown)[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

function fail(error: unknown): never {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

try {
  await step('synth', () => synth(assembly, oneStage));
  const gateway = await step('gateway', () =>
    startGateway({
      assembly,
      folder,
      port: Number(flags.port),
      fresh: flags.fresh,
      onNotice: ({ topic, message }) => console.log(`notice to ${topic}: ${message}`),
    }),
  );
  const closers: (() => unknown)[] = [() => gateway.close()];
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      console.log('\nstopping …');
      stop(closers).then(() => process.exit(0), fail);
    });
  if (!flags['no-demo']) {
    const { seedDemo } = await import('./demo/seed.ts');
    const { thingsToTry } = await import('./demo/try.ts');
    const { demo, upstream } = await step('demo', () => seedDemo(gateway, folder));
    closers.push(upstream.close);
    console.log(thingsToTry(demo));
  }
  console.log(`Ready at ${gateway.url}`);
  console.log(
    `Started in ${(process.uptime()).toFixed(1)} s (${parts.join(', ')}). Functions log to ${folder}/logs. Ctrl-C stops.`,
  );
} catch (error) {
  fail(error);
}
