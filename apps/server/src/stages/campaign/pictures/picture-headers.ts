/** A name stands for one picture for ever, and a browser may keep it. No proxy may, because the picture is for people of one table. */
const CACHED = 'private, max-age=31536000, immutable'

export const pictureHeaders = (bytes: number) => ({
  'content-type': 'image/webp',
  'content-length': bytes,
  'cache-control': CACHED,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
})
