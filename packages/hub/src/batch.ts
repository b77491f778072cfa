/** An event of a channel: `seq` counts from 1, `text` is the JSON that goes out. Frames are made once per wire form. */
export class HubEvent {
  readonly seq: number
  readonly text: string
  readonly #frames = new Map<string, Uint8Array>()

  constructor(seq: number, text: string) {
    this.seq = seq
    this.text = text
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
  readonly #bytes = new Map<string, Uint8Array>()

  constructor(events: readonly HubEvent[]) {
    this.events = events
  }

  /** The frames of all events in one piece, made once per wire form. */
  bytes(form: string, make: (event: HubEvent) => Uint8Array): Uint8Array {
    let bytes = this.#bytes.get(form)
    if (!bytes) this.#bytes.set(form, (bytes = concatenate(this.events.map((event) => event.frame(form, make)))))
    return bytes
  }
}

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
