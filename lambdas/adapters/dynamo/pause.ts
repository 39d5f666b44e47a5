import { setTimeout } from 'node:timers/promises';

const firstMs = 25;
const longestMs = 400;

/** Waits before try number `round + 1`: doubling, with full jitter, so that those who collided do not collide again. */
export const pause = (round: number): Promise<void> =>
  setTimeout(Math.random() * Math.min(firstMs * 2 ** round, longestMs));
