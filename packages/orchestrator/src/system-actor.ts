/** The server itself, as the author of a change. */
export const systemActor = { id: 'system', name: 'Tablecast', role: 'system' } as const
