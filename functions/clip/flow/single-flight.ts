import { givenUp } from './given-up.ts';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly cancel: AbortController;
  passengers: number;
}

export interface FlightResult<T> {
  readonly value: T;
  /** True when the work was under way already, for somebody else. */
  readonly isShared: boolean;
}

/**
 * The same work asked for twice at once is done once. It is called off only when everybody who asked has left.
 *
 * @example two requests with the same picture: one is decoded and encoded, both are answered
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Works under way. */
  get size(): number {
    return this.#flights.size;
  }

  /**
   * @param start does the work; its signal is aborted when nobody waits for it any more
   * @throws whatever the work throws; what `givenUp` says at once when `signal` is aborted
   */
  async run(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<FlightResult<T>> {
    if (signal?.aborted === true) throw givenUp(signal);
    const known = this.#flights.get(key);
    const flight = known ?? this.#depart(key, start);
    flight.passengers += 1;
    const value = await this.#ride(flight, signal);
    return { value, isShared: known !== undefined };
  }

  #depart(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const cancel = new AbortController();
    const result = start(cancel.signal);
    const flight = { result, cancel, passengers: 0 };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    result.then(land, land);
    // Whoever comes after the last one has left starts anew instead of joining what is being called off.
    cancel.signal.addEventListener('abort', land, { once: true });
    return flight;
  }

  #ride(flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.passengers -= 1;
        if (flight.passengers === 0) flight.cancel.abort();
        if (signal !== undefined) reject(givenUp(signal));
      };
      signal?.addEventListener('abort', leave, { once: true });
      flight.result.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  }
}
