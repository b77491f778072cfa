import type { BusMessage } from './bus.ts'

type MessageFields = {
  subject: string
  data: Uint8Array
  id: string | null
  respond(data: string | Uint8Array): boolean
}

// A byte order mark stays, so that the text is the same bytes.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Text and JSON are decoded on first use, once for all subscribers. */
export class Message implements BusMessage {
  readonly #fields: MessageFields
  #text: string | null = null
  #json: { value: unknown } | null = null

  constructor(fields: MessageFields) {
    this.#fields = fields
  }

  get subject(): string {
    return this.#fields.subject
  }

  get data(): Uint8Array {
    return this.#fields.data
  }

  get id(): string | null {
    return this.#fields.id
  }

  get text(): string {
    return (this.#text ??= decoder.decode(this.#fields.data))
  }

  get json(): unknown {
    return (this.#json ??= { value: parsed(this.text) }).value
  }

  respond(data: string | Uint8Array): boolean {
    return this.#fields.respond(data)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
