import { loadedPart } from '../../../../ui/loaded-part.tsx'

/** The buttons of a player's own character in a fight. Their code loads with the first fight. */
export const OwnFight = loadedPart(async () => (await import('./OwnFight.tsx')).OwnFight)
