export type NewToken = { characterId: string | null; name: string }
/** The kind of data in a drag from this list to the map: the id of a character. */
export const TOKEN_DRAG = 'application/x-tablecast-token'
