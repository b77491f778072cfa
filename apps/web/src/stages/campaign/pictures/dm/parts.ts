// The parts of pictures for DMs. Their code loads when they are first shown.
import { loadedPart } from '../../../../ui/loaded-part.tsx'

export const HandoutTray = loadedPart(async () => (await import('./HandoutTray.tsx')).HandoutTray)
export const ScenePictureEditor = loadedPart(async () => (await import('./ScenePictureEditor.tsx')).ScenePictureEditor)
export const loadPictureDesk = async () => (await import('./PictureDesk.tsx')).PictureDesk
