import { readScenario } from '@tablecast/narrator/scenario'
import { afterAll, describe, expect, it } from 'vitest'
import { newKey, openTestbed } from '../../testing/testbed.ts'
import { openScenarioReader } from './scenario-reader.ts'

const markdown = '# The drowned bell\n\n## Scene\n\nRain.\n\n## Characters\n\n- Mira (pc): HP 18/24\n'
/**
 * The parser tries each star with each other one, which takes minutes. The limits on marks can't tell this from a text by
 * people.
 */
const slow = '*a_'.repeat(20_000)

function openReader(seconds = 60) {
  const outcomes: string[] = []
  const reader = openScenarioReader({
    seconds,
    readEnded: (outcome) => void outcomes.push(outcome),
    failed: (error) => void outcomes.push(String(error)),
  })
  return { reader, outcomes, [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose]() }
}

describe('uploaded scenarios', () => {
  const shared = openReader()
  afterAll(() => shared[Symbol.asyncDispose]())

  it('are read in the thread with the same result as in this one', async () => {
    await using at = openReader()
    const { name, state } = await at.reader.read(markdown, 'u')
    const expected = readScenario(markdown)
    const withoutIds = (text: unknown) => JSON.stringify(text, (key, value: unknown) => (key === 'id' ? null : value))
    expect([name, withoutIds(state)]).toEqual([expected.name, withoutIds(expected.state)])
    await expect(at.reader.read('  ', 'u')).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: /empty/ })
    expect(at.outcomes).toEqual(['read', 'refused'])
  })

  for (const [kind, text] of Object.entries({
    'nested quotes': '>'.repeat(500_000),
    'nested lists': '- '.repeat(250_000),
    'nested numbered lists': '1. '.repeat(160_000),
    'a list that nests deeper on each line': Array.from({ length: 700 }, (_, depth) => `${'  '.repeat(depth)}- a`).join(
      '\n',
    ),
    'more lines than a book': '\n'.repeat(400_000),
    'nothing but stars': '*a'.repeat(240_000),
    'nothing but brackets': '['.repeat(500_000),
  }))
    it(`are refused before they are parsed if they are ${kind}`, async () => {
      const before = shared.outcomes.length
      await expect(shared.reader.read(text, 'u')).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        message: /too much/,
      })
      expect(shared.outcomes.slice(before)).toEqual(['refused'])
    })

  it('are given up after `seconds`', async () => {
    await using at = openReader(1)
    await expect(at.reader.read(slow, 'u')).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: /too long/ })
    expect(at.outcomes).toEqual(['late'])
  })

  it('are limited to one at a time for each user, and to one with eight waiting for all', async () => {
    await using at = openReader(3)
    const first = expect(at.reader.read(slow, 'u')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    await expect(at.reader.read(markdown, 'u')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    const others = Array.from({ length: 8 }, (_, person) => at.reader.read(markdown, `other-${person}`))
    await expect(at.reader.read(markdown, 'late')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await first
    for (const { status } of await Promise.allSettled(others)) expect(status).toBe('fulfilled')
    expect((await at.reader.read(markdown, 'u')).name).toBe('The drowned bell')
  })

  it('delay no other call while they are read', async () => {
    await using testbed = await openTestbed({ SCENARIO_SECONDS: '3' })
    const stranger = await testbed.signIn('Mallory')
    const room = await stranger.http.rooms.create.mutate({ key: newKey(), name: 'A table' })
    const importing = (text: string) =>
      stranger.http.campaign.importScenario.mutate({ roomId: room.room.id, key: newKey(), markdown: text })
    const refused = { data: { tablecast: { code: 'VALIDATION_FAILED' }, httpStatus: 422 } }

    const bystander = await testbed.join('Paul', 'player')
    const wait = () => bystander.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'I wait.' })
    await expect(importing('>'.repeat(500_000))).rejects.toMatchObject(refused)
    // The slow text takes three seconds. Calls are answered meanwhile.
    let isOver = false
    const attack = expect(importing(slow))
      .rejects.toMatchObject(refused)
      .finally(() => (isOver = true))
    for (let answered = 0; answered < 13; answered++) await wait()
    expect(isOver).toBe(false)
    await attack
    const last = expect(importing('- '.repeat(250_000))).rejects.toMatchObject(refused)
    await wait()
    await last

    const metrics = await (await fetch(`${testbed.url}/metrics`)).text()
    expect(metrics).toMatch(/tablecast_scenarios_total\{outcome="late"\} 1/)
    expect(metrics).toMatch(/tablecast_scenarios_total\{outcome="refused"\} 2/)
  })

  it('are given up when the server stops', async () => {
    const at = openReader()
    const reading = ['u', 'v'].map((person) =>
      expect(at.reader.read(slow, person)).rejects.toMatchObject({ code: 'UNAVAILABLE' }),
    )
    await at[Symbol.asyncDispose]()
    await Promise.all(reading)
    await expect(at.reader.read(markdown, 'w')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})
