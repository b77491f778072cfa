import type { PubSub } from '@tablecast/bus'

/** True where messages of this bus or these channels never leave the process, so that there is no other node. */
export const isAlone = ({ kind }: Pick<PubSub, 'kind'>): boolean => kind === 'memory'
