// The parts of maps for DMs. Their code loads when they are first shown.
import { loadedPart } from '../../../../ui/loaded-part.tsx'

export const DmMap = loadedPart(async () => (await import('./DmMap.tsx')).DmMap)
export const MapLibrary = loadedPart(async () => (await import('./MapLibrary.tsx')).MapLibrary)
