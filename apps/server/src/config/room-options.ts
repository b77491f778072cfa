import { MAX_BLOCKS, MAX_ENCOUNTERS } from '@tablecast/bestiary/stat-block'
import { count, type Options } from '@tablecast/config'

/** Limits of rooms and of their campaigns. */
export const roomOptions = {
  MAX_MEMBERS_PER_ROOM: { schema: count(100_000), fallback: '2000', does: 'Members of one room' },
  MAX_ROOMS_PER_USER: { schema: count(100_000), fallback: '100', does: 'Rooms that one person may own' },
  MAX_SCREEN_LINKS_PER_ROOM: {
    schema: count(1_000),
    fallback: '20',
    does: 'Links for televisions and overlays of one room',
  },
  MAX_CAMPAIGN_PAGES_BYTES: {
    schema: count(1_073_741_824),
    fallback: '5242880',
    does: 'Bytes of the pages of one campaign, which hold the text of an imported adventure',
  },
  MAX_STAT_BLOCKS_PER_ROOM: {
    schema: count(MAX_BLOCKS),
    fallback: '5000',
    does: 'Stat blocks that one room adds or imports, at most 5000; the built-in ones do not count',
  },
  MAX_ENCOUNTERS_PER_CAMPAIGN: {
    schema: count(MAX_ENCOUNTERS),
    fallback: '200',
    does: 'Encounters that are prepared for one campaign, at most 1000',
  },
  MAX_KNOWN_STATES: {
    schema: count(1_073_741_824),
    fallback: '8388608',
    does: 'Bytes of the texts of the newest states of campaigns that a node keeps in memory, which take about six times as much',
  },
  SCENARIO_SECONDS: {
    schema: count(600),
    fallback: '10',
    does: 'Seconds that reading an imported scenario may take, in a thread of its own',
  },
  CREATURE_SECONDS: {
    schema: count(600),
    fallback: '30',
    does: 'Seconds that reading creatures of another program may take, in a thread of its own',
  },
} satisfies Options
