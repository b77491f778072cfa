// Whatever players and DMs write, the pages of those who look at it stay up.
import { randomInt } from 'node:crypto'
import { assault, type Found } from '@tablecast/server/testing/hostile'
import { watchPages } from './watched-pages.ts'
import { expect, test } from './table.ts'

/** Of each family; a busy machine gets through fewer in the time that they have. */
const RUNS = 60
const SECONDS = 25

const shown = ({ family, who, target, text, problem }: Found) =>
  `${family}: ${target} by ${who}: ${problem}\n    ${text}`

test('the pages of a player and a DM stay up while random hostile text is written at their table', async ({
  table,
}) => {
  const pages = { 'the DM’s page': await table.dm(), 'the player’s page': await table.player() }
  // What goes wrong is told with what was sent.
  for (const page of Object.values(pages)) page.removeAllListeners('pageerror')
  const watch = await watchPages(table.server.url, pages)
  const seed = randomInt(2 ** 31)
  const { attacks, found } = await assault({
    url: table.server.url,
    port: table.server.port,
    runs: RUNS,
    seconds: SECONDS,
    seed,
    // The room that the pages show.
    room: 'sample',
    doors: ['trpc-http'],
    // The last has the time that the others leave: what is drawn is Markdown, whatever it is meant to be.
    families: ['types', 'numbers', 'injections', 'commands', 'unicode', 'patterns', 'markdown'],
    isMeant: (_door, target) => /^campaign\.(say|whisper|edit|editOwnCharacter|rename)$/.test(target),
    // The server's own time is measured elsewhere.
    stallMs: () => Promise.resolve(0),
    complaint: () => watch.complaint(),
  })
  process.stdout.write(`${attacks} attacks on pages, seed ${seed}\n`)
  expect(found.map(shown), `seed ${seed}`).toEqual([])
  expect(attacks).toBeGreaterThan(16)
})
