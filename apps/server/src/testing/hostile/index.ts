export { assault, type HostileFinding, MAX_STALL_MS } from './assault.ts'
