// Refusals of uploads: the words for the person, the code for their program, and a reason for the metrics.
import { type ErrorCode, megabytes, pictureTooLarge, TablecastError } from '@tablecast/contracts'
import type { PictureRefused } from '@tablecast/media'

export type UploadReason =
  | 'off'
  | 'guests'
  | 'character'
  | 'too_large'
  | 'broken_off'
  | 'too_often'
  | 'at_once'
  | 'room_full'
  | 'server_full'
  | 'little_space'
  | PictureRefused['reason']

export class UploadRefused extends TablecastError {
  readonly reason: UploadReason

  constructor(reason: UploadReason, code: ErrorCode, message: string, details?: unknown) {
    super(code, message, details)
    this.reason = reason
  }
}

const RETRY_FILE_SECONDS = 5
const RETRY_SPACE_SECONDS = 600

export const uploadsOff = () => new UploadRefused('off', 'FORBIDDEN', 'Pictures can not be sent to this server.')

export const noGuests = () =>
  new UploadRefused('guests', 'FORBIDDEN', 'Only people with an account may send pictures here. Sign in first.')

export const notYourCharacter = () =>
  new UploadRefused('character', 'NOT_THE_DM', 'You can send a portrait for a character of your own. Ask the DM.')

export const fileTooLarge = (maxBytes: number) =>
  new UploadRefused('too_large', 'MESSAGE_TOO_LARGE', pictureTooLarge(maxBytes))

export const brokenOff = () =>
  new UploadRefused('broken_off', 'BAD_REQUEST', 'The picture did not arrive whole. Send it again.')

export const tooOften = (perHour: number, retryAfterSeconds: number) =>
  new UploadRefused('too_often', 'RATE_LIMITED', `At most ${perHour} pictures in an hour: wait a little.`, {
    retryAfterSeconds,
  })

export const tooManyAtOnce = (max: number) =>
  new UploadRefused('at_once', 'RATE_LIMITED', `At most ${max} pictures at a time: wait for one of them.`, {
    retryAfterSeconds: RETRY_FILE_SECONDS,
  })

export const roomFull = (maxBytes: number) =>
  new UploadRefused(
    'room_full',
    'CONFLICT',
    `The pictures of this table fill all of their ${megabytes(maxBytes)}. Remove some first.`,
  )

export const serverFull = () =>
  new UploadRefused('server_full', 'UNAVAILABLE', 'The server keeps no more pictures. Its operator can make room.', {
    retryAfterSeconds: RETRY_SPACE_SECONDS,
  })

export const littleSpace = () =>
  new UploadRefused(
    'little_space',
    'UNAVAILABLE',
    'The disk of the server is nearly full, and the picture was not kept. Tell the operator of the server.',
    { retryAfterSeconds: RETRY_SPACE_SECONDS },
  )

export function refusedFile({ reason, message, shouldRetry }: PictureRefused): UploadRefused {
  if (!shouldRetry) return new UploadRefused(reason, 'VALIDATION_FAILED', message)
  const details = { retryAfterSeconds: reason === 'disk' ? RETRY_SPACE_SECONDS : RETRY_FILE_SECONDS }
  return new UploadRefused(reason, reason === 'busy' ? 'RATE_LIMITED' : 'UNAVAILABLE', message, details)
}
