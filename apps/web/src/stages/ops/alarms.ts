import type { Dependencies, OpsFrame } from '@tablecast/contracts'

export type Alarm = { id: string; text: string; since: number | null }

/** What an operator should look at now. `since`: milliseconds since 1970, null where it is not known. */
export function alarmsOf(frame: OpsFrame, asked: Dependencies | undefined): Alarm[] {
  const nodes = frame.nodes.flatMap(({ nodeId, name, state, heardAt, sample }): Alarm[] => {
    if (state === 'gone') return [{ id: nodeId, text: `The node ${name} is gone`, since: heardAt }]
    // Whoever was asked for its dependencies tells more of them below.
    if (!sample || name === asked?.node) return []
    return [
      ...(sample.database.isUp ? [] : ['the database']),
      ...(sample.bus.isConnected ? [] : ['the bus']),
      ...(sample.redis.isConnected ? [] : ['the channels of the market']),
    ].map((what) => ({ id: `${nodeId} ${what}`, text: `The node ${name} can not reach ${what}`, since: null }))
  })
  const down = (asked?.dependencies ?? [])
    .filter(({ state }) => state === 'down')
    .map(({ name, since }) => ({ id: name, text: `${name}: down`, since: Date.parse(since) }))
  return [...nodes, ...down]
}
