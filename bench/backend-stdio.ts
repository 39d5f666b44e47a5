/** The upstream of `backend.ts` on its standard input and output, for a peer that starts its upstream itself. */
import { createInterface } from 'node:readline';
import { answer, type Message } from './answer.ts';

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  if (message.id !== undefined) process.stdout.write(`${answer('/', message)}\n`);
});
