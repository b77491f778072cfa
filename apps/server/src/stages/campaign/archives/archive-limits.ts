// The bounds of an archive that somebody sends, and the words of its refusals.
import { MAX_PICTURES, TablecastError } from '@tablecast/contracts'

/** The campaign, its pictures, and the walls of its maps. Programs that pack archives add a few files of their own. */
export const MAX_FILES = MAX_PICTURES + 100
/** The story of a campaign shrinks to a tenth or a fiftieth. Text that was made to swell shrinks to a thousandth. */
export const MAX_RATIO = 200

export const notAnArchive = () =>
  new TablecastError(
    'VALIDATION_FAILED',
    'This is no campaign with pictures. Choose a ZIP file that was exported here.',
  )

export const archiveDamaged = () =>
  new TablecastError('VALIDATION_FAILED', 'This ZIP file is damaged. Export the campaign again.')

export const tooManyFiles = () =>
  new TablecastError(
    'VALIDATION_FAILED',
    `This ZIP file holds too many files: a campaign has at most ${MAX_PICTURES} pictures.`,
  )

export const tooMuchInside = () =>
  new TablecastError('VALIDATION_FAILED', 'This ZIP file holds more than a campaign may have. Import it in parts.')

export const archiveTooLarge = (maxBytes: number) =>
  new TablecastError(
    'MESSAGE_TOO_LARGE',
    `This file is too large: a campaign with its pictures may have ${Math.floor(maxBytes / 1_048_576)} MB.`,
  )

export const archivesBusy = () =>
  new TablecastError('RATE_LIMITED', 'Another campaign with pictures is being read. Try again in a moment.', {
    retryAfterSeconds: 5,
  })
