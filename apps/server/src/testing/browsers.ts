import { createECDH, randomBytes } from 'node:crypto'

/** A new browser's subscription to a push service that the settings name. Nobody calls it in a test of access. */
export const aBrowser = () => ({
  endpoint: `https://fcm.googleapis.com/fcm/send/${randomBytes(16).toString('hex')}`,
  keys: {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  },
})
