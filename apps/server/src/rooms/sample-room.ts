/** The id of the room that the first start creates. `stages/campaign/sample-room.ts` fills it. */
export const SAMPLE_ROOM = 'main'
