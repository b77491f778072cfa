// The campaign domain: what a DM and the players may do to a campaign, and the events that tell of it.
export type { CampaignBroadcaster } from './broadcaster.ts'
export { type Listener, Orchestrator, type OrchestratorParts, streamOf } from './orchestrator.ts'
export { answerOnce } from './answer-once.ts'
export { sampleCampaign } from './sample-campaign.ts'
export type { StreamAnswer } from './reading.ts'
export { Narration, type NarrationParts, type NarrationTeller } from './narration.ts'
