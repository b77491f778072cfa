import { MAX_BLOCKS } from '@tablecast/bestiary'
import { TablecastError } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'

export type Limited = 'stat_blocks' | 'encounters'

/** The most stat blocks of a room, and the most encounters of a campaign. */
export type FightLimitsOptions = {
  maxBlocks?: number | undefined
  maxEncounters?: number | undefined
  /** Called for each change that is refused because of a limit. */
  full?: ((what: Limited) => void) | undefined
}

/** The default of `MAX_ENCOUNTERS_PER_CAMPAIGN`. */
const MAX_ENCOUNTERS = 200

export class FightLimits {
  readonly #maxBlocks: number
  readonly #maxEncounters: number
  readonly #full: (what: Limited) => void

  constructor({ maxBlocks = MAX_BLOCKS, maxEncounters = MAX_ENCOUNTERS, full = () => {} }: FightLimitsOptions = {}) {
    this.#maxBlocks = maxBlocks
    this.#maxEncounters = maxEncounters
    this.#full = full
  }

  /** Throws VALIDATION_FAILED where the room would hold too many stat blocks. */
  async assertRoomForBlocks({ statBlocks }: Repositories, roomId: string, more: number): Promise<void> {
    if ((await statBlocks.count(roomId)) + more <= this.#maxBlocks) return
    this.#full('stat_blocks')
    throw refusal(`A room holds at most ${this.#maxBlocks.toLocaleString('en')} stat blocks. Remove some first.`)
  }

  /** Throws VALIDATION_FAILED where the campaign would hold too many encounters. */
  async assertRoomForEncounters({ encounters }: Repositories, campaignId: string, more: number): Promise<void> {
    if ((await encounters.count(campaignId)) + more <= this.#maxEncounters) return
    this.#full('encounters')
    throw refusal(`A campaign holds at most ${this.#maxEncounters.toLocaleString('en')} encounters. Remove some first.`)
  }
}

const refusal = (message: string) => new TablecastError('VALIDATION_FAILED', message)
