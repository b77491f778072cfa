// Encounters and stat blocks on their way out of a room in an export, and into one with an import.
import { contentHash, StatBlock } from '@tablecast/bestiary'
import type { CampaignDocument, CampaignState, ExportedEncounter } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'
import { store, toRow } from './block-library.ts'
import { encountersOf } from './encounters.ts'
import type { FightLimits } from './fight-limits.ts'

type FightContents = Pick<CampaignDocument, 'encounters' | 'statBlocks'>

/** The parts of a document for fights. A campaign without any has the same document as before. */
export async function exportedParts(
  tables: Repositories,
  { id, roomId, state }: { id: string; roomId: string; state: CampaignState },
): Promise<FightContents> {
  const encounters = (await encountersOf(tables, id)).map(({ id: encounterId, name, plan }) => ({
    id: encounterId,
    name,
    plan,
  }))
  const ids = new Set(roomBlockIds(state, encounters))
  const statBlocks = (await tables.statBlocks.find(roomId, [...ids])).map(({ text }) =>
    StatBlock.parse(JSON.parse(text)),
  )
  return {
    ...(encounters.length > 0 ? { encounters } : {}),
    ...(statBlocks.length > 0 ? { statBlocks } : {}),
  }
}

function roomBlockIds({ characters }: CampaignState, encounters: readonly ExportedEncounter[]): string[] {
  const named = [
    ...characters.map(({ block }) => block),
    ...encounters.flatMap(({ plan }) => plan.creatures.map(({ block }) => block)),
  ]
  return named.flatMap((block) => (block?.source === 'room' ? [block.id] : []))
}

type Arriving = FightContents & { state: CampaignState }

/**
 * Stores the stat blocks of a document in the room. A block whose id has another content there gets a new id, and the answer refers to it by
 * that. Throws VALIDATION_FAILED where the room would hold too many.
 */
export async function bringBlocks<D extends Arriving>(
  tables: Repositories,
  roomId: string,
  document: D,
  { at, limits }: { at: string; limits: FightLimits },
): Promise<D> {
  const { statBlocks = [], encounters, state } = document
  if (statBlocks.length === 0) return document
  const known = new Map(
    (
      await tables.statBlocks.find(
        roomId,
        statBlocks.map(({ id }) => id),
      )
    ).map(({ id, hash }) => [id, hash]),
  )
  const idOf = new Map<string, string>()
  const hashOf = new Map<string, string>()
  const added: StatBlock[] = []
  for (const block of statBlocks) {
    const hash = await contentHash(block)
    const isKnown = known.get(block.id) === hash
    const id = isKnown || !known.has(block.id) ? block.id : `${block.id.slice(0, 51)}-${hash.slice(0, 12)}`
    const arrived = { ...block, id }
    idOf.set(block.id, id)
    hashOf.set(id, id === block.id ? hash : await contentHash(arrived))
    if (!isKnown) added.push(arrived)
  }
  await store(tables, roomId, await Promise.all(added.map(toRow)), { at, limits })
  const renamed = <R extends { source: string; id: string }>(reference: R): R => {
    const id = reference.source === 'room' ? idOf.get(reference.id) : undefined
    return id === undefined ? reference : { ...reference, id }
  }
  return {
    ...document,
    state: {
      ...state,
      characters: state.characters.map((one) => {
        if (one.block?.source !== 'room') return one
        const block = renamed(one.block)
        return { ...one, block: { ...block, hash: hashOf.get(block.id) ?? block.hash } }
      }),
    },
    ...(encounters && {
      encounters: encounters.map((encounter) => ({
        ...encounter,
        plan: {
          ...encounter.plan,
          creatures: encounter.plan.creatures.map((one) => (one.block ? { ...one, block: renamed(one.block) } : one)),
        },
      })),
    }),
  }
}
