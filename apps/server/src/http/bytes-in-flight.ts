import { TablecastError } from '@tablecast/contracts'
import { limited } from '../transport/connection-limits.ts'

const RETRY_AFTER_SECONDS = 2

/** Limits the bytes of bodies that are being received or processed: those of one address, and all together. */
export class BytesInFlight {
  readonly #max: number
  readonly #maxPerAddress: number
  readonly #byAddress = new Map<string, number>()
  #total = 0

  constructor({ max, maxPerAddress }: { max: number; maxPerAddress: number }) {
    this.#max = max
    this.#maxPerAddress = maxPerAddress
  }

  get total(): number {
    return this.#total
  }

  /** Throws RATE_LIMITED at the limit of the address, UNAVAILABLE at that of the server. Returns a function that gives the bytes back, once. */
  take(address: string, bytes: number): () => void {
    const held = this.#byAddress.get(address) ?? 0
    if (held + bytes > this.#maxPerAddress)
      throw limited('Too much is being sent from this address: wait for an answer.', RETRY_AFTER_SECONDS)
    if (this.#total + bytes > this.#max)
      throw new TablecastError('UNAVAILABLE', 'Too much is being sent to this server: try again.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      })
    this.#add(address, bytes)
    let isTaken = true
    return () => {
      if (isTaken) this.#add(address, -bytes)
      isTaken = false
    }
  }

  #add(address: string, bytes: number): void {
    this.#total += bytes
    const held = (this.#byAddress.get(address) ?? 0) + bytes
    if (held > 0) this.#byAddress.set(address, held)
    else this.#byAddress.delete(address)
  }
}
