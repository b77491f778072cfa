import type { PubSub } from '@tablecast/bus'

/** Messages of this bus, or of these channels, never leave the process: there is no other node to tell. */
export const isAlone = ({ kind }: Pick<PubSub, 'kind'>): boolean => kind === 'memory'
