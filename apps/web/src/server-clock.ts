// What the server's clock says. This device's own may be a year ahead or behind, so nothing that the server stamped is compared with it.

/** On the browser's clock that only runs forward: setting the time of day changes nothing here. */
export class ServerClock {
  readonly #monotonic: () => number
  readonly #timeOfDay: () => number
  #noted: { time: number; at: number } | null = null

  constructor(monotonic: () => number = () => performance.now(), timeOfDay: () => number = () => Date.now()) {
    this.#monotonic = monotonic
    this.#timeOfDay = timeOfDay
  }

  /** `date`: of an answer of the server's (RFC 9110 §6.6.1). It says the second, so half a one is added. */
  note(date: string | null): void {
    const time = Date.parse(date ?? '')
    if (!Number.isNaN(time)) this.#noted = { time: time + 500, at: this.#monotonic() }
  }

  /** In milliseconds since 1970. Until the server has answered something, what this device says. */
  now(): number {
    return this.#noted ? this.#noted.time + this.#monotonic() - this.#noted.at : this.#timeOfDay()
  }
}

export const serverClock: ServerClock = new ServerClock()

/** As `fetch`, and looks at the clock in passing. */
export const timedFetch = async (input: string | URL | Request, init?: object): Promise<Response> => {
  const answer = await fetch(input, init)
  serverClock.note(answer.headers.get('date'))
  return answer
}
