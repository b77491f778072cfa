// A fight with secrets: creatures, a stat block, and the view that a player's client has of it.
import { applyPatch, type PlayerCampaignEvent, type PlayerView, stateHash } from '@tablecast/contracts'
import { expect } from 'vitest'
import type { FightRoom } from './fight-room.ts'
import { roomId } from './room.ts'

export const goblins = {
  name: 'Goblin',
  count: 6,
  figures: { kind: 'monster' as const, hp: 7, armourClass: 15, initiativeBonus: 2, xp: 50 },
  hitPoints: 'average' as const,
  isHidden: false,
  isSurprised: false,
  sharesInitiative: false,
}
export const boss = { ...goblins, name: 'CANARY the Real', count: 1, alias: 'Hooded figure' }
const lurker = { ...goblins, name: 'CANARY Lurker', count: 1, isHidden: true }

/** A wolf with this id. */
export const block = (id: string) => ({
  id,
  name: `Wolf ${id}`,
  ac: 13,
  hp: 11,
  initiative: 2,
  cr: 0.25,
  type: 'beast',
  abilities: { str: 12, dex: 15, con: 12, int: 3, wis: 12, cha: 6 },
  saves: { dex: 30 },
  traits: [],
  actions: [],
})

/** Starts a prepared fight of six goblins, a figure whose name is secret and a hidden one. */
export async function startFight(room: FightRoom) {
  const { orchestrator, campaignId, request } = room
  const plan = { notes: 'CANARY notes', creatures: [goblins, boss, lurker] }
  const { id } = await orchestrator.fights.encounters.save({
    ...request(),
    campaignId,
    version: 0,
    name: 'CANARY ambush',
    plan,
  })
  return orchestrator.fights.start({
    ...request(),
    campaignId,
    encounterId: id,
    joining: ['mira', 'tobin'],
    surprised: [],
    roll: 'foes',
  })
}

/** The view that a player's client has after all events, each checked against the hash in it. */
export function foldedView(room: FightRoom): PlayerView | null {
  let view: PlayerView | null = null
  for (const { streamId, text } of room.events) {
    if (streamId !== `room:${roomId}:player`) continue
    const event = JSON.parse(text) as PlayerCampaignEvent
    if (event.type === 'campaign_loaded' || event.type === 'campaign_active') view = event.snapshot.view
    else if (event.type === 'campaign_updated' && view && event.patch) view = applyPatch(view, event.patch)
    if (view && 'hash' in event) expect(stateHash(view)).toBe(event.hash)
  }
  return view
}
