/** Where this server reads the time. A parameter everywhere, so that tests decide what time it is. */
export interface Clock {
  /** The present instant. */
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };
