// Tokens in the shape in which both pages draw them.
import type { CampaignState, Health, PlayerView, Token } from '@tablecast/contracts'
import { bandOf, sideOf } from '@tablecast/rules/standing'
import { initialsOf } from '@tablecast/contracts'
import { type Face, faceOfDms, faceOfPlayers } from '../../pictures/shown.ts'
import { howHurt } from '../../sheet/health-words.ts'

export type TableToken = {
  id: string
  characterId: string | null
  name: string
  x: number
  y: number
  /** Cells a side. */
  size: number
  face: Face
  side: 'party' | 'foe' | null
  /** Null for a thing. */
  health: Health | null
  /** “Bloodied”, “Dying”, or null for a thing. */
  hurtWords: string | null
  isDefeated: boolean
  conditions: readonly string[]
  isActing: boolean
  isOwn: boolean
  mayMove: boolean
  isLocked: boolean
  /** Players do not see it: a DM hides it or its character. */
  isHidden: boolean
  inFog: boolean
}

const thing = { side: null, health: null, hurtWords: null, isDefeated: false, conditions: [], isActing: false }

export function tokensOfDms(state: CampaignState, mapId: string): TableToken[] {
  return (state.tokens ?? []).filter((token) => token.mapId === mapId).map((token) => tokenOfDms(state, token))
}

function tokenOfDms(state: CampaignState, token: Token): TableToken {
  const { id, characterId, x, y, size, isLocked, visible, inFog } = token
  const place = { id, characterId, x, y, size, isLocked, inFog, isOwn: false, mayMove: true }
  const character = state.characters.find((one) => one.id === characterId)
  if (!character) {
    const face = { initials: initialsOf(token.name), portrait: null }
    return { ...place, ...thing, name: token.name, face, isHidden: !visible }
  }
  const health = bandOf(character)
  return {
    ...place,
    name: character.name,
    face: faceOfDms(state, character),
    side: sideOf(character),
    health,
    hurtWords: howHurt({ health, downed: character.downed }),
    isDefeated: isOut(character.downed),
    conditions: character.conditions,
    isActing: state.turn.current === character.id,
    isHidden: !visible || !character.visible,
  }
}

export function tokensOfPlayers(view: PlayerView, myId: string, isMapLocked: boolean): TableToken[] {
  return view.tokens.map(({ id, characterId, name, x, y, size, isLocked }) => {
    const character = view.characters.find((one) => one.id === characterId)
    const isOwn = Boolean(character) && character?.ownerId === myId
    const place = { id, characterId, x, y, size, isLocked, inFog: false, isHidden: false }
    const rights = { isOwn, mayMove: isOwn && !isLocked && !isMapLocked }
    if (!character) return { ...place, ...rights, ...thing, name, face: { initials: initialsOf(name), portrait: null } }
    const { health, downed, conditions, side } = character
    return {
      ...place,
      ...rights,
      name: character.name,
      face: faceOfPlayers(character),
      side,
      health,
      hurtWords: howHurt({ health, downed }),
      isDefeated: isOut(downed),
      conditions,
      isActing: view.turn.current === character.id,
    }
  })
}

const isOut = (downed: { state: string } | null | undefined): boolean =>
  downed?.state === 'defeated' || downed?.state === 'dead'
