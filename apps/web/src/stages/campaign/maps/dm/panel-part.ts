import { loadedPart } from '../../../../ui/loaded-part.tsx'

/** Its code loads when a DM opens it. */
export const MapPanel = loadedPart(async () => (await import('./MapPanel.tsx')).MapPanel)
