import { startGateway } from '../../local/gateway.ts';

/** Run as a process: serves the stack with its state in the folder given, and prints one line of JSON when it does. */
const { url, endpoints, outputs } = await startGateway({
  assembly: 'cdk.out',
  stack: 'XctGateway-dev',
  folder: process.argv[2] ?? '',
});
console.log(JSON.stringify({ url, endpoints, outputs }));
