/**
 * The stages of the server, and the prefixes of their stream and channel ids. Each prefix belongs to one stage, so that metrics can be
 * counted by stage.
 */
export const streamKinds = {
  campaign: ['room', 'plain', 'presence', 'narrating', 'gestures', 'screen'],
  arena: ['arena'],
  topics: ['topic'],
  signals: ['signals'],
  market: ['market'],
} as const

export type Stage = keyof typeof streamKinds

export const stages = Object.keys(streamKinds) as readonly Stage[]

/** One value for each stage. */
export const byStage = <T>(valueOf: (stage: Stage) => T): Record<Stage, T> =>
  Object.fromEntries(stages.map((stage) => [stage, valueOf(stage)])) as Record<Stage, T>
