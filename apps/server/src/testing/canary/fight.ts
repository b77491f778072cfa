// A fight with secrets in every field of a fighter.
import type { Operation } from '@tablecast/rules'
import { wolf } from '../creatures.ts'
import { newKey } from '../testbed.ts'
import { type CanaryTable, roomId } from './table.ts'

/** A fight with a creature behind an alias, one that nobody sees, and secrets in every field of a fighter. */
export async function fight(table: CanaryTable): Promise<void> {
  const { dm, campaignId, ids, state, edit, say } = table
  const request = () => ({ roomId, campaignId, key: newKey() })
  const block = { ...wolf, id: 'canary', name: 'CANARY of a block', traits: [{ name: 'CANARY', text: 'CANARY' }] }
  await dm.http.statBlocks.put.mutate({ roomId, key: newKey(), blocks: [{ ...block, hp: 4_321 }] })
  const creature = { name: 'CANARY of a creature', count: 1, block: { source: 'room' as const, id: 'canary' } }
  const plan = {
    notes: 'CANARY of notes',
    creatures: [
      { ...creature, alias: 'Hooded figure', hitPoints: 'average' as const },
      { ...creature, isHidden: true, count: 3 },
    ],
  }
  const { id } = await dm.http.encounters.save.mutate({ ...request(), name: 'CANARY of an encounter', plan })
  ids.encounter = id
  await dm.http.encounters.start.mutate({ ...request(), encounterId: id, joining: [], roll: 'everybody' })
  const masked = (await state()).characters.find(({ alias }) => alias)?.id ?? ''
  const operate = (operation: Operation) => dm.http.campaign.operate.mutate({ ...request(), operation })
  await edit({
    characters: {
      upsert: [
        {
          id: masked,
          group: 'CANARY-group',
          xp: 4_321,
          dmNotes: 'CANARY of a fighter',
          durations: [{ condition: 'CANARY', until: { kind: 'save', ability: 'con', dc: 21 } }],
          uses: [{ key: 'canary', name: 'CANARY of a use', left: 1, most: 1, back: { kind: 'turn' } }],
        },
      ],
    },
  })
  await operate({ type: 'advanceTurn', ends: { fighter: null, round: 0 }, direction: 'next' })
  await operate({ type: 'damage', targets: [{ id: masked, take: 'all' }], amount: '1d6', critical: false })
  await operate({ type: 'addCondition', targets: [masked], condition: 'prone' })
  await operate({ type: 'setTemp', targets: [masked], amount: 4_321 })
  await operate({ type: 'save', targets: [masked], ability: 'dex', dc: 12, concentration: false })
  await operate({ type: 'use', id: masked, key: 'canary', count: 1 })
  await operate({ type: 'defeat', targets: [masked] })
  await say('/hp CANARY of a creature 1 -3').catch(() => null)
  await dm.http.campaign.undo.mutate(request())
  await dm.http.campaign.redo.mutate(request())
}
