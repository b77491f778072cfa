import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GuestTokens } from './guest.ts'

const SECRET = 'a secret of a server, long enough'
const DAY_MS = 24 * 60 * 60 * 1_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('a token is read without checking its signature again, by the process that signed it or has verified it', async () => {
  const verify = vi.spyOn(crypto.subtle, 'verify')
  const signer = new GuestTokens(SECRET)
  const { token, userId } = await signer.create('Robin')
  const identity = await signer.read(token)
  expect(identity).toMatchObject({ userId, name: 'Robin' })
  expect(verify).toHaveBeenCalledTimes(0)
  const restarted = new GuestTokens(SECRET)
  expect(await restarted.read(token)).toEqual(identity)
  expect(await restarted.read(token)).toEqual(identity)
  expect(verify).toHaveBeenCalledTimes(1)
})

it('a token ends at its time, also where it is remembered', async () => {
  const [signer, other] = [new GuestTokens(SECRET), new GuestTokens(SECRET)]
  const { token } = await signer.create('Robin')
  vi.setSystemTime(Date.now() + 180 * DAY_MS - 2_000)
  for (const tokens of [signer, other]) expect(await tokens.read(token)).not.toBeNull()
  vi.setSystemTime(Date.now() + 3_000)
  for (const tokens of [signer, other]) expect(await tokens.read(token)).toBeNull()
})

it('a token with another signature, name or secret is refused, also beside the good one', async () => {
  const tokens = new GuestTokens(SECRET)
  const { token, userId } = await tokens.create('Robin')
  const [head = '', , signature = ''] = token.split('.')
  const { token: foreign } = await new GuestTokens(`${SECRET}!`).issue(userId, 'Robin')
  const { token: renamed } = await tokens.issue(userId, 'The DM')
  const forged = [`${token}A`, foreign, `${head}.${renamed.split('.')[1] ?? ''}.${signature}`]
  for (const bad of forged) expect(await tokens.read(bad)).toBeNull()
  expect(await tokens.read(token)).not.toBeNull()
})

it('only the newest tokens are remembered, and the others are verified', async () => {
  const verify = vi.spyOn(crypto.subtle, 'verify')
  const tokens = new GuestTokens(SECRET)
  const { token: first } = await tokens.create('First')
  for (let n = 0; n < 2_000; n++) await tokens.create(`Guest ${n}`)
  expect(await tokens.read(first)).toMatchObject({ name: 'First' })
  expect(verify).toHaveBeenCalledTimes(1)
})
