import { expect, it } from 'vitest'
import { isRemoved } from './is-removed.ts'

const answer = (status: number, type = 'text/html') => new Response(null, { status, headers: { 'content-type': type } })

it.each([
  ['has the file', answer(200, 'text/javascript; charset=utf-8'), false],
  ['has no such file', answer(404), true],
  ['has removed it', answer(410), true],
  ['is another program that answers everything with a page', answer(200), true],
  ['is restarting', answer(503), false],
  ['limits requests', answer(429), false],
  ['asks for a password first', answer(401), false],
])('a worker knows that its server %s', (_what, given, expected) => {
  expect(isRemoved(given)).toBe(expected)
})
