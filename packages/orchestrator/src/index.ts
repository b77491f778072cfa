// The campaign domain: what a DM and the players may do to a campaign, and the events that tell of it.
export { type Listener, Orchestrator } from './orchestrator.ts'
export { memberCaller, notAMember, type Right, type RoomCaller, trustedCaller, wrongRole } from './room-caller.ts'
export type { RoleChange } from './pictures/renew.ts'
export { KeyedQueue } from './keyed-queue.ts'
export { type ChangeRequest, changeRoom, type RoomChange } from './room-change.ts'
export { sampleCampaign } from './sample-campaign.ts'
export { NarratorTurns } from './narrator-turns.ts'
export type { TurnBroadcaster } from './turn-broadcaster.ts'
