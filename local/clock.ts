/** Time as the runner sees it, so that tests can drive usage plans, schedules and state machines. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `tick` every so many milliseconds until the returned function is called. */
  every(milliseconds: number, tick: () => void): () => void;
  /** Runs `tick` once, so many milliseconds from now, unless the returned function is called before. */
  after(milliseconds: number, tick: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },
  after(milliseconds, tick) {
    const timer = setTimeout(tick, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
