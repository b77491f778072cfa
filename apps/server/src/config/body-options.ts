import { count, type Options } from '@tablecast/config'

/** Limits of the bodies of HTTP requests. */
export const bodyOptions = {
  MAX_BODY_BYTES: {
    schema: count(16_777_216),
    fallback: '131072',
    does: 'Largest body of an HTTP request; a DM may send more where a campaign is edited or imported',
  },
  MAX_IMPORT_BYTES: {
    schema: count(1_073_741_824),
    fallback: '33554432',
    does: 'Largest campaign that a DM may import',
  },
  MAX_BODY_BYTES_IN_FLIGHT_PER_IP: {
    schema: count(4_294_967_296),
    fallback: '67108864',
    does: 'Bytes of bodies of one address that are received or worked on at a time; imports have at most half of it',
  },
  MAX_BODY_BYTES_IN_FLIGHT: {
    schema: count(17_179_869_184),
    fallback: '268435456',
    does: 'The same for all addresses together',
  },
  BODY_TIMEOUT: {
    schema: count(600),
    fallback: '10',
    does: 'Seconds that the body of a request may take, and one more for each 64 KiB of it',
  },
} satisfies Options
