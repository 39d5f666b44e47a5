/** `npm start`: synthesizes the stack and serves it on this machine with a demo in it. */
import { parseArgs } from 'node:util';
import { startGateway } from './gateway.ts';
import { synth } from './synth.ts';

const folder = '.local';
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

function fail(error: unknown): never {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

try {
  await step('synth', () => synth());
  const gateway = await step('gateway', () =>
    startGateway({ assembly: 'cdk.out', folder, port: Number(flags.port), fresh: flags.fresh }),
  );
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      console.log('\nstopping …');
      gateway.close().then(() => process.exit(0), fail);
    });
  if (!flags['no-demo']) {
    const { seedDemo } = await import('./demo.ts');
    await step('demo', () => seedDemo(gateway));
  }
  console.log(`Ready at ${gateway.url}`);
  console.log(
    `Started in ${(process.uptime()).toFixed(1)} s (${parts.join(', ')}). Functions log to ${folder}/logs. Ctrl-C stops.`,
  );
} catch (error) {
  fail(error);
}
