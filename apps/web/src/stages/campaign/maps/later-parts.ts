// The code of maps. It is a chunk of its own, which a page loads when its table has a map, or when a DM opens the tab Maps.
export const loadPlayerMap = () => import('./player/PlayerMap.tsx').then(({ PlayerMap }) => PlayerMap)
export const loadStillMap = () => import('./still/StillMap.tsx').then(({ StillMap }) => StillMap)
