/** The answer to a change of a campaign. `seq`: of the caller’s own event, 0 without one. `version`: null for players. */
export type Ack = { seq: number; version: number | null }
