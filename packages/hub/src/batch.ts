/** An event of a channel. `seq` counts from 1; `text` is the JSON that is sent. Frames are made once per wire form. */
export class HubEvent {
  readonly seq: number
  readonly text: string
  /** When it was committed or arrived, in milliseconds of `performance.now()`. Null when it was read from the log. */
  readonly at: number | null
  readonly #frames = new Map<string, Uint8Array>()

  constructor(seq: number, text: string, at: number | null = null) {
    this.seq = seq
    this.text = text
    this.at = at
  }

  frame(form: string, make: (event: HubEvent) => Uint8Array): Uint8Array {
    let frame = this.#frames.get(form)
    if (!frame) this.#frames.set(form, (frame = make(this)))
    return frame
  }
}

/** Events that are sent together, oldest first. All sinks that have come equally far share one batch, and so its bytes. */
export class Batch {
  readonly events: readonly HubEvent[]
  /** The newest seq in it; 0 when there is none. */
  readonly seq: number
  readonly #wires = new Map<string, Wire>()
  /** Most sinks of one batch ask for the same form, one after the other. */
  #newest: { form: string; wire: Wire } | null = null

  constructor(events: readonly HubEvent[]) {
    this.events = events
    this.seq = events.at(-1)?.seq ?? 0
  }

  /** The frames of all events in one piece, made once per wire form. */
  wire(form: string, make: (event: HubEvent) => Uint8Array): Wire {
    if (this.#newest?.form === form) return this.#newest.wire
    let wire = this.#wires.get(form)
    if (!wire) {
      const frames = this.events.map((event) => event.frame(form, make)).filter(({ length }) => length > 0)
      this.#wires.set(form, (wire = { bytes: concatenate(frames), events: frames.length }))
    }
    this.#newest = { form, wire }
    return wire
  }
}

/** `events`: how many have bytes in this form. */
export type Wire = { readonly bytes: Uint8Array; readonly events: number }

function concatenate(parts: Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only) return only
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
