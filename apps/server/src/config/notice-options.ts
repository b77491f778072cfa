import { count, optional, type Options } from '@tablecast/config'
import { z } from 'zod'
import { pushServices } from '../stages/campaign/notices/push-services.ts'
import { text } from './schemas.ts'

const base64url = (bytes: number) =>
  optional(
    z
      .string()
      .regex(/^[\w-]+$/, 'must be base64url')
      .refine((key) => Buffer.from(key, 'base64url').length === bytes, `must be ${bytes} bytes in base64url`),
  )

/** Notices on devices: “It's your turn.” and “The table is open.” */
export const noticeOptions = {
  PUSH_SERVICES: {
    schema: pushServices,
    fallback: 'fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com',
    does: 'Push services that may be called for notices, separated by commas: host, *.host or host:port; off for no notices. =private after one allows private addresses',
  },
  PUSH_CONTACT: {
    schema: text.pipe(
      z
        .string()
        .regex(/^(mailto:|https:\/\/)\S+$/, 'must begin with mailto: or https://')
        .optional(),
    ),
    fallback: '',
    does: 'The operator’s address for push services: mailto:… or https://…; PUBLIC_URL by default',
  },
  PUSH_PUBLIC_KEY: {
    schema: base64url(65),
    fallback: '',
    does: 'The public key by which push services know the server, in base64url; made once in the database by default',
  },
  PUSH_PRIVATE_KEY: { schema: base64url(32), fallback: '', does: 'The private key that belongs to it' },
  MAX_PUSH_DEVICES_PER_USER: { schema: count(100), fallback: '5', does: 'Devices on which one person gets notices' },
} satisfies Options
