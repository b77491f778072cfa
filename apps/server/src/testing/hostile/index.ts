export { assault, type AssaultOptions, type Found, MAX_STALL_MS, type Outcome } from './assault.ts'
export { Bystander } from './bystander.ts'
