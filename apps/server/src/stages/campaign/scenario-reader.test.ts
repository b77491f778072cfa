import { readScenario } from '@tablecast/narrator'
import { describe, expect, it } from 'vitest'
import { newKey, openTestbed } from '../../testing/testbed.ts'
import { ScenarioReader } from './scenario-reader.ts'

const markdown = '# The drowned bell\n\n## Scene\n\nRain.\n\n## Characters\n\n- Mira (pc): HP 18/24\n'
/** What no count of marks tells from a text that people write: the parser tries each star with each other. */
const slow = '*a_'.repeat(20_000)

function openReader(seconds = 60) {
  const outcomes: string[] = []
  const reader = new ScenarioReader({
    seconds,
    readEnded: (outcome) => void outcomes.push(outcome),
    failed: (error) => void outcomes.push(String(error)),
  })
  return { reader, outcomes, [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose]() }
}

describe('scenarios that are uploaded', () => {
  it('are read as they would be here', async () => {
    await using at = openReader()
    const { name, state } = await at.reader.read('u', markdown)
    const here = readScenario(markdown)
    const withoutIds = (text: unknown) => JSON.stringify(text, (key, value: unknown) => (key === 'id' ? null : value))
    expect([name, withoutIds(state)]).toEqual([here.name, withoutIds(here.state)])
    await expect(at.reader.read('u', '  ')).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: /empty/ })
    expect(at.outcomes).toEqual(['read', 'refused'])
  })

  for (const [what, text] of Object.entries({
    'quotes in each other': '>'.repeat(500_000),
    'lists in each other': '- '.repeat(250_000),
    'numbered lists in each other': '1. '.repeat(160_000),
    'a list that goes deeper line by line': Array.from({ length: 700 }, (_, place) => `${'  '.repeat(place)}- a`).join(
      '\n',
    ),
    'more lines than a book has': '\n'.repeat(400_000),
    'nothing but stars': '*a'.repeat(240_000),
    'nothing but brackets': '['.repeat(500_000),
  }))
    it(`are refused before they are parsed where they are ${what}`, async () => {
      await using at = openReader()
      await expect(at.reader.read('u', text)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: /too much/ })
      expect(at.outcomes).toEqual(['refused'])
    })

  it('are given up when they take too long', async () => {
    await using at = openReader(1)
    await expect(at.reader.read('u', slow)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: /too long/ })
    expect(at.outcomes).toEqual(['late'])
  })

  it('are read one at a time for each person, and so many at a time for all', async () => {
    // Time enough for a busy machine to start the next thread.
    await using at = openReader(8)
    const first = expect(at.reader.read('u', slow)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    await expect(at.reader.read('u', markdown)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    const others = Array.from({ length: 8 }, (_, person) => at.reader.read(`other-${person}`, markdown))
    await expect(at.reader.read('late', markdown)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await first
    for (const { status } of await Promise.allSettled(others)) expect(status).toBe('fulfilled')
    expect((await at.reader.read('u', markdown)).name).toBe('The drowned bell')
  })

  it('hold up nobody else while they are read', async () => {
    await using testbed = await openTestbed({ SCENARIO_SECONDS: '8' })
    const stranger = await testbed.seat('Mallory')
    const room = await stranger.http.rooms.create.mutate({ key: newKey(), name: 'A table' })
    const importing = (text: string) =>
      stranger.http.campaign.importScenario.mutate({ roomId: room.room.id, key: newKey(), markdown: text })
    const refused = { data: { tablecast: { code: 'VALIDATION_FAILED' }, httpStatus: 422 } }

    const bystander = await testbed.join('Paul', 'player')
    let isOver = false
    const attack = (async () => {
      for (const text of ['>'.repeat(500_000), slow, '- '.repeat(250_000)])
        await expect(importing(text)).rejects.toMatchObject(refused)
    })().finally(() => (isOver = true))
    let answered = 0
    while (!isOver) {
      await bystander.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'I wait.' })
      answered++
    }
    await attack
    // The slow one alone takes eight seconds, in which the table goes on.
    expect(answered).toBeGreaterThan(32)

    const metrics = await (await fetch(`${testbed.url}/metrics`)).text()
    expect(metrics).toMatch(/tablecast_scenarios_total\{outcome="late"\} 1/)
    expect(metrics).toMatch(/tablecast_scenarios_total\{outcome="refused"\} 2/)
  })

  it('are given up when the server stops', async () => {
    const at = openReader()
    const reading = ['u', 'v'].map((person) =>
      expect(at.reader.read(person, slow)).rejects.toMatchObject({ code: 'UNAVAILABLE' }),
    )
    await at[Symbol.asyncDispose]()
    await Promise.all(reading)
    await expect(at.reader.read('w', markdown)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})
