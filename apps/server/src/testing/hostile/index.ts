export { assault, type Found, MAX_STALL_MS } from './assault.ts'
