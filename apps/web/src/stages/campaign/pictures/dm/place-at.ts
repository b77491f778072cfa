import type { PicturePlace } from './desk.ts'

/** Where a picture belongs that is dropped or pasted on this element. */
export function placeAt(element: Element | null): PicturePlace {
  const characterId = element?.closest<HTMLElement>('[data-portrait-of]')?.dataset['portraitOf']
  if (characterId !== undefined) return { kind: 'portrait', characterId }
  return element?.closest('[data-scene-picture]') ? { kind: 'scene' } : { kind: 'tray' }
}
