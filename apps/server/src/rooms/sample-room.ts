/** The room that is there from the first start. `stages/campaign/sample-room.ts` fills it. */
export const SAMPLE_ROOM = 'main'
