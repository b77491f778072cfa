import { count, type Options } from '@tablecast/config'
import { z } from 'zod'

const TEBIBYTE = 1_099_511_627_776

/** Limits of pictures. */
export const pictureOptions = {
  UPLOADS: {
    schema: z.enum(['all', 'accounts', 'off']),
    fallback: 'all',
    does: 'The people who may send pictures: all, accounts (no guests) or off (nobody)',
  },
  UPLOADS_PER_HOUR: {
    schema: count(1_000_000),
    fallback: '60',
    does: 'Pictures that a person may send in an hour, and as many from one address',
  },
  MEDIA_PICTURE_MAX_BYTES: {
    schema: count(1_073_741_824),
    fallback: '20971520',
    does: 'Largest file of a picture that is sent',
  },
  MEDIA_MAP_MAX_BYTES: {
    schema: count(1_073_741_824),
    fallback: '62914560',
    does: 'Largest file that is sent for a map: a picture, or a Universal VTT file with one',
  },
  MEDIA_MAX_PIXELS: {
    schema: count(268_402_689),
    fallback: '100000000',
    does: 'Most pixels of a picture that is sent',
  },
  MEDIA_SECONDS: {
    schema: count(600),
    fallback: '30',
    does: 'Seconds that reading one picture may take, in a process of its own',
  },
  MEDIA_MAP_SECONDS: {
    schema: count(3_600),
    fallback: '120',
    does: 'Seconds that cutting the picture of a map into tiles may take',
  },
  MEDIA_TILE_CACHE_BYTES: {
    schema: count(TEBIBYTE, 0),
    fallback: '536870912',
    does: 'Bytes of the disk of DATA_DIR for tiles of maps as players see them. The server makes those that are missing',
  },
  MEDIA_ROOM_MAX_BYTES: {
    schema: count(TEBIBYTE),
    fallback: '1073741824',
    does: 'Bytes of the pictures of one room',
  },
  MEDIA_MAX_BYTES: {
    schema: count(TEBIBYTE * 16),
    fallback: '5368709120',
    does: 'Bytes of all pictures of this server',
  },
  MEDIA_MIN_FREE_BYTES: {
    schema: count(TEBIBYTE, 0),
    fallback: '1073741824',
    does: 'Free bytes of the disk of DATA_DIR, below which no pictures are taken',
  },
} satisfies Options
