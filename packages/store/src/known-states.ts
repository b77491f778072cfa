import type { CampaignState } from '@tablecast/contracts'
import type { Selectable } from 'kysely'
import type { Database } from './schema.ts'
import type { StateText } from './state-text.ts'

/** Two different states of a campaign have different ones of these, also after a restore. */
type Row = Pick<Selectable<Database['campaigns']>, 'id' | 'version' | 'updated_at' | 'state_version'>

/**
 * `size`: the bytes of the state's text, as the database has it. `text`: null for a state that was only read, and where a change has
 * taken it.
 */
type Known = { row: Row; state: CampaignState; size: number; text: StateText | null }

/** In bytes of the states' texts. With all that is remembered of them they take about six times as much. */
const MAX_KNOWN_STATES = 8 * 1_024 * 1_024

/** `size`: of the states that are held, in bytes of their texts. `found` and `missed`: reads of a campaign since the start. */
export type KnownStatesCounts = { readonly size: number; readonly found: number; readonly missed: number }

/**
 * The newest known state of each campaign, frozen, so that a change need not read what the last one has written. Holds committed states
 * alone. The database stays the truth: a state counts only for the row with its version, which is read under the lock.
 */
export class KnownStates implements KnownStatesCounts {
  readonly #states = new Map<string, Known>()
  readonly #maxSize: number
  #size = 0
  #found = 0
  #missed = 0

  constructor(maxSize = MAX_KNOWN_STATES) {
    this.#maxSize = maxSize
  }

  get size(): number {
    return this.#size
  }

  get found(): number {
    return this.#found
  }

  get missed(): number {
    return this.#missed
  }

  find(row: Row): CampaignState | null {
    const known = this.#states.get(row.id)
    const state = known && isSameRow(known.row, row) ? known.state : null
    if (state) this.#found++
    else this.#missed++
    return state
  }

  /** The text of the newest known state, for the next one: nobody else gets it any more. */
  takeText(id: string): StateText | null {
    return textFrom(this.#states.get(id))
  }

  /** Forgets the states that were kept longest ago when there are too many. */
  keep(known: Known): void {
    this.#forget(known.row.id)
    this.#states.set(known.row.id, known)
    this.#size += known.size
    for (const id of this.#states.keys()) {
      if (this.#size <= this.#maxSize) return
      this.#forget(id)
    }
  }

  #forget(id: string): void {
    this.#size -= this.#states.get(id)?.size ?? 0
    this.#states.delete(id)
  }
}

/** The states that one transaction has read and written. They are known to others after its commit. */
export class StatesOfTransaction {
  readonly #known: KnownStates
  readonly #met = new Map<string, Known>()

  constructor(known: KnownStates) {
    this.#known = known
  }

  find(row: Row): CampaignState | null {
    return this.#known.find(row)
  }

  /** Its values are frozen, so that it helps to write any other state. A transaction that fails has lost it, and the next one writes it whole. */
  takeText(id: string): StateText | null {
    return textFrom(this.#met.get(id)) ?? this.#known.takeText(id)
  }

  /** `state`: frozen. */
  meet({ id, version, updated_at, state_version }: Row, known: Omit<Known, 'row'>): void {
    this.#met.set(id, { row: { id, version, updated_at, state_version }, ...known })
  }

  committed(): void {
    for (const known of this.#met.values()) this.#known.keep(known)
  }
}

function textFrom(known: Known | undefined): StateText | null {
  const text = known?.text ?? null
  if (known) known.text = null
  return text
}

const isSameRow = (one: Row, other: Row): boolean =>
  one.version === other.version && one.updated_at === other.updated_at && one.state_version === other.state_version
