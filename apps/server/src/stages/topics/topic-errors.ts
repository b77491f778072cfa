import { TablecastError } from '@tablecast/contracts'

export const topicNotFound = (name: string): TablecastError =>
  new TablecastError('TOPIC_NOT_FOUND', `There is no topic ${name}: create it first.`)

/** Ends the subscriptions of a deleted topic. */
export const topicDeleted = (name: string): TablecastError =>
  new TablecastError('TOPIC_NOT_FOUND', `The topic ${name} was deleted.`)

export const keyRevoked = (): TablecastError =>
  new TablecastError('UNAUTHORIZED', 'The API key was revoked. Create another.')
