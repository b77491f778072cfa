// The parts of the fight for DMs. Their code loads when they are first shown.
import { loadedPart } from '../../../ui/loaded-part.tsx'

export const FightConsole = loadedPart(async () => (await import('./FightConsole.tsx')).FightConsole)
export const FightSummary = loadedPart(async () => (await import('./FightSummary.tsx')).FightSummary)
export const EncounterPanel = loadedPart(async () => (await import('./encounters/EncounterPanel.tsx')).EncounterPanel)
