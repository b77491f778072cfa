// The server's time. This device's own clock may be a year off, so it is never compared with the server's time stamps.

/** Measured on the browser's monotonic clock, so that setting the time of day changes nothing. */
export class ServerClock {
  readonly #monotonic: () => number
  readonly #timeOfDay: () => number
  #noted: { time: number; at: number } | null = null

  constructor(monotonic: () => number = () => performance.now(), timeOfDay: () => number = () => Date.now()) {
    this.#monotonic = monotonic
    this.#timeOfDay = timeOfDay
  }

  /** `date` is the header of a server's answer (RFC 9110 §6.6.1). It has whole seconds, so half a second is added. */
  note(date: string | null): void {
    const time = Date.parse(date ?? '')
    if (!Number.isNaN(time)) this.#noted = { time: time + 500, at: this.#monotonic() }
  }

  /** Milliseconds since 1970. Until the first answer of the server it is this device's time. */
  now(): number {
    return this.#noted ? this.#noted.time + this.#monotonic() - this.#noted.at : this.#timeOfDay()
  }
}

export const serverClock: ServerClock = new ServerClock()

/** `fetch` that also reads the server's time from the answer. */
export const timedFetch = async (input: string | URL | Request, init?: object): Promise<Response> => {
  const answer = await fetch(input, init)
  serverClock.note(answer.headers.get('date'))
  return answer
}
