import { EditInput } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { invalidInput, toWireError } from './wire-error.ts'

it.each([
  ['SQLite', { code: 'ERR_SQLITE_ERROR', errcode: 13 }],
  ['PostgreSQL', { code: '53100' }],
])('a full disk becomes UNAVAILABLE with a message that names the disk, from %s', (_database, fields) => {
  const error = Object.assign(new Error('full'), fields)
  for (const thrown of [error, new Error('wrapped', { cause: error })])
    expect(toWireError(thrown)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('disk') as string,
    })
})

it.each(['Connection terminated unexpectedly', 'Client has encountered a connection error and is not queryable'])(
  'an unreachable database becomes UNAVAILABLE: %s',
  (message) => expect(toWireError(new Error(message))).toMatchObject({ code: 'UNAVAILABLE' }),
)

it('an unknown error becomes INTERNAL and shows nothing of itself', () => {
  for (const error of [
    new Error('secret'),
    Object.assign(new Error('secret'), { code: 'ERR_SQLITE_ERROR', errcode: 1 }),
    null,
  ])
    expect(toWireError(error)).toEqual({
      code: 'INTERNAL',
      message: 'Something went wrong on the server. Try again.',
      details: null,
    })
})

it('an input with 5,000 wrong fields gets an answer of less than 2,000 characters', () => {
  const patch = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`unknown-${n}`, n]))
  const { error } = EditInput.safeParse({ roomId: 'r', key: 'a-good-key', campaignId: 'c', baseVersion: 0, patch })
  const answer = invalidInput(error?.issues ?? [])
  expect(answer.message).toBe('The server did not understand this request. Reload the page and try again.')
  expect(answer.details).toMatchObject({
    issues: [{ path: ['patch'], message: expect.stringMatching(/^Unrecognized keys: "unknown-0"/) as string }],
  })
  expect(JSON.stringify(answer).length).toBeLessThan(2_000)
})
