import { synth } from '../../local/synth.ts';

/** Jest's global setup: `cdk.out` is the stack of these sources before any test runs it. */
export default async function freshAssembly(): Promise<void> {
  await synth();
}
