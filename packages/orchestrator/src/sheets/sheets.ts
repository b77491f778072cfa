// The sheets of players' characters: read, saved, rested with, and asked for.
import type { SheetAnswer, OperateSheetsAnswer, SheetOperation, SheetOperationType } from '@tablecast/contracts'
import { sheetOfBlock } from '@tablecast/bestiary'
import { type CharactersRead, startOf } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import type { Store } from '@tablecast/store'
import type { CampaignChanges } from '../campaign-changes.ts'
import type { ReadCreatures } from '../fights/creature-source.ts'
import { campaignIn, campaignNotFound } from '../reading.ts'
import type { ChangeRequest } from '../room-change.ts'
import { operate } from './operate.ts'
import { ownerOf } from './right.ts'
import { readSheet } from './stored-sheets.ts'

export type SheetsDeps = {
  store: Store
  changes: CampaignChanges
  readCreatures: ReadCreatures
  operated: (type: SheetOperationType) => void
}

export class Sheets {
  readonly #store: Store
  readonly #changes: CampaignChanges
  readonly #read: ReadCreatures
  readonly #operated: SheetsDeps['operated']

  constructor({ store, changes, readCreatures, operated }: SheetsDeps) {
    this.#store = store
    this.#changes = changes
    this.#read = readCreatures
    this.#operated = operated
  }

  /**
   * The sheet of a character or a request. Players read those of their own, in the active campaign. Throws CAMPAIGN_NOT_FOUND, FORBIDDEN, and
   * NOT_FOUND.
   */
  get(request: {
    roomId: string
    campaignId: string
    id: string
    caller: Pick<Actor, 'id' | 'role'>
  }): Promise<SheetAnswer> {
    const { roomId, campaignId, id, caller } = request
    return this.#store.read(async (tables) => {
      const campaign = await campaignIn(tables, roomId, campaignId)
      const room = caller.role === 'player' ? await tables.rooms.get(roomId) : null
      if (room && room.activeCampaignId !== campaign.id) throw campaignNotFound()
      const owner = ownerOf(campaign.state, caller, id)
      const sheet = await readSheet(tables, campaign.id, owner)
      return { id, hash: sheet ? (owner.sheet?.hash ?? null) : null, sheet }
    })
  }

  /** One operation as one step. Players act in the active campaign alone. Throws as `operate` does, and CAMPAIGN_NOT_FOUND. */
  operate(request: ChangeRequest & { campaignId: string; operation: SheetOperation }): Promise<OperateSheetsAnswer> {
    return this.#changes.run('sheets.operate', request, async (work) => {
      const campaign = await campaignIn(work.tables, work.room.id, request.campaignId)
      if (work.actor.role === 'player' && campaign.id !== work.room.activeCampaignId) throw campaignNotFound()
      const answer = await operate(work, campaign, request.operation)
      this.#operated(request.operation.type)
      return answer
    })
  }

  /** The characters of a text of another program. Stores nothing. Throws VALIDATION_FAILED, and what the reader throws. */
  async read(text: string, userId: string): Promise<CharactersRead> {
    const { characters, problems } = await this.#read({ text }, userId)
    return {
      characters: characters.map(({ name, level, sheet: block }) => ({
        name: startOf(name, 60).trim(),
        hp: Math.max(1, block.hp),
        armourClass: block.ac,
        sheet: sheetOfBlock(block, level),
      })),
      problems: problems.slice(0, MAX_PROBLEMS),
    }
  }
}

/** Problems of a pasted character. A text of creatures may have thousands. */
const MAX_PROBLEMS = 50
