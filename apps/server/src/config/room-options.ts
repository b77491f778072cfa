import { count, type Options } from '@tablecast/config'

/** Limits of rooms and of their campaigns. */
export const roomOptions = {
  MAX_MEMBERS_PER_ROOM: { schema: count(100_000), fallback: '2000', does: 'Members of one room' },
  MAX_ROOMS_PER_USER: { schema: count(100_000), fallback: '100', does: 'Rooms that one person may own' },
  MAX_CAMPAIGN_PAGES_BYTES: {
    schema: count(1_073_741_824),
    fallback: '5242880',
    does: 'Bytes of the pages of one campaign, which hold the text of an imported adventure',
  },
  SCENARIO_SECONDS: {
    schema: count(600),
    fallback: '10',
    does: 'Seconds that reading an imported scenario may take, in a thread of its own',
  },
} satisfies Options
