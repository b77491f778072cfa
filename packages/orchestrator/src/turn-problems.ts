// The reasons that a DM reads when a turn could not be written to its end.
import { TablecastError } from '@tablecast/contracts'

export const SERVER_STOPPED =
  'It was cut off when the server stopped. You can publish what there is, or have it written again.'
export const noSuchDraft = () => new TablecastError('NOT_FOUND', 'there is no such draft any more')
export const cancelled = () => new TablecastError('CONFLICT', 'it was stopped')
export const atWork = () => new TablecastError('CONFLICT', 'the narrator is writing already: wait for it, or stop it')
