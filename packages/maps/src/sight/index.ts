// Sight: which blocks of fog tokens see past walls and doors, and which ways are open to them.
export { barriersOf, type Door, seenBy, type Surroundings, type Viewer } from './sight.ts'
export { isWayOpen } from './way.ts'
