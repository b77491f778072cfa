/** An event of a channel: `seq` counts from 1, `text` is the JSON that goes out. Frames are made once per wire form. */
export class HubEvent {
  readonly seq: number
  readonly text: string
  /** When it was committed or came, in the milliseconds of `performance.now()`; null for one that was read from the log. */
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

/** Events that go out together, oldest first. All sinks at one place in the log share one batch, and so its bytes. */
export class Batch {
  readonly events: readonly HubEvent[]
  readonly #wires = new Map<string, Wire>()

  constructor(events: readonly HubEvent[]) {
    this.events = events
  }

  /** The frames of all events in one piece, made once per wire form. */
  wire(form: string, make: (event: HubEvent) => Uint8Array): Wire {
    let wire = this.#wires.get(form)
    if (!wire) {
      const frames = this.events.map((event) => event.frame(form, make)).filter(({ length }) => length > 0)
      this.#wires.set(form, (wire = { bytes: concatenate(frames), events: frames.length }))
    }
    return wire
  }
}

/** `events`: those that have bytes in this form. */
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
