// Fog: which parts of a map are revealed, the shapes that change it, and the change itself.
export { FOG_BLOCK, type Fog, hiddenFog, isRevealed, revealedFog } from './fog.ts'
export { changed, differenceOf, type FogChange, readChange, strokeOf, writeChange } from './fog-change.ts'
export { blocksOf } from './shapes.ts'
export { roomAround } from './room.ts'
