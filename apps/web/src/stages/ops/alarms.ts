import type { Dependencies, OpsFrame } from '@tablecast/contracts'

export type Alarm = { id: string; text: string; since: number | null }

/** A fault that an operator should look at. `since`: milliseconds since 1970, null when it is not known. */
export function alarmsOf(frame: OpsFrame, asked: Dependencies | undefined): Alarm[] {
  const nodes = frame.nodes.flatMap(({ nodeId, name, state, heardAt, sample }): Alarm[] => {
    if (state === 'gone') return [{ id: nodeId, text: `The node ${name} is gone`, since: heardAt }]
    // The node that listed its dependencies says more about them below.
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
