// A node of this version and one of a later version write to a campaign in turn.
import type { CampaignState } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { expect } from 'vitest'
import { aCharacter, damage, openFightRoom } from './fight-room.ts'

const withFields = <T extends object>(value: T, unknown: object): T => ({ ...value, ...unknown })

/** Fields that this version does not know, at every depth. */
const newer = (state: CampaignState): CampaignState => {
  const characters = state.characters.map((one, index) =>
    withFields({ ...one, hp: withFields(one.hp, { shield: 7 }) }, { luck: index }),
  )
  const turn = withFields(state.turn, { half: 'lower' })
  return withFields({ ...state, turn, characters }, { weather: { now: 'rain' } })
}

/**
 * `write`: stores a state as a node of a later version does, past this node's store, with the next version of the campaign and a time
 * of its own.
 */
export async function writeInTurn(
  store: Store,
  write: (campaignId: string, change: (state: CampaignState) => CampaignState) => Promise<void>,
): Promise<void> {
  const room = await openFightRoom(store)
  const luckOf = (state: CampaignState) => state.characters.map((one) => ('luck' in one ? one.luck : null))
  await room.operate(damage(1, 'mira'))
  await write(room.campaignId, newer)

  const first = await room.state()
  expect(first).toMatchObject({ weather: { now: 'rain' }, turn: { half: 'lower' } })
  await room.operate(damage(2, 'mira'))
  const hurt = newer({
    ...first,
    characters: first.characters.map((one) =>
      one.id === 'mira' ? { ...one, hp: { ...one.hp, current: one.hp.current - 2 } } : one,
    ),
  })
  expect(await room.state()).toEqual(hurt)

  // The later version goes on in between, and this one meets that.
  await write(room.campaignId, (state) => ({
    ...state,
    scene: 'Theirs',
    characters: [...state.characters, withFields(aCharacter('new'), { luck: 9 })],
  }))
  await room.operate(damage(3, 'new'))
  const both = await room.state()
  expect(both).toMatchObject({ scene: 'Theirs', weather: { now: 'rain' }, turn: { half: 'lower' } })
  expect(luckOf(both)).toEqual([0, 1, 2, 9])
  expect(both.characters.map(({ hp }) => hp.current)).toEqual([17, 20, 20, 17])
  await room.undo()
  expect(await room.hp('new')).toBe(20)
  expect(luckOf(await room.state())).toEqual([0, 1, 2, 9])
}
