// The reasons that a DM reads when a turn could not be written to its end.
import { TablecastError } from '@tablecast/contracts'

export const SERVER_STOPPED =
  'It was cut off when the server stopped. You can publish what there is, or have it written again.'
export const noSuchDraft = () => new TablecastError('NOT_FOUND', 'There is no such draft any more. Ask again.')
export const cancelled = () => new TablecastError('CONFLICT', 'It was stopped. Ask again if you still want it.')
export const atWork = () => new TablecastError('CONFLICT', 'The narrator is writing already: wait for it, or stop it.')
