// The pages of players and DMs stay up whatever is written at their table.
import { randomInt } from 'node:crypto'
import { assault, type HostileFinding } from '@tablecast/server/testing/hostile'
import { watchPages } from './watched-pages.ts'
import { expect, test } from './table.ts'

/** The most attacks of each family. A busy machine gets through fewer in its time. */
const RUNS = 60
const SECONDS = 25

const shown = ({ family, who, target, text, problem }: HostileFinding) =>
  `${family}: ${target} by ${who}: ${problem}\n    ${text}`

test('the pages of a player and a DM stay up while random hostile text is written at their table', async ({
  table,
}) => {
  // The attacks take their time after the pages are open, and the last one is watched to its end.
  test.slow()
  const pages = { 'the DM’s page': await table.dm(), 'the player’s page': await table.player() }
  // The watch below reports errors together with the text that was sent.
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
    endpoints: ['trpc-http'],
    // The last family has the time that the others leave. Pages draw all text as Markdown, so it matters most.
    families: ['types', 'numbers', 'injections', 'commands', 'unicode', 'patterns', 'markdown'],
    isSelected: (_endpoint, target) => /^campaign\.(say|whisper|edit|editOwnCharacter|rename)$/.test(target),
    // The server's own time is measured elsewhere.
    stallMs: () => Promise.resolve(0),
    complaint: () => watch.complaint(),
  })
  process.stdout.write(`${attacks} attacks on pages, seed ${seed}\n`)
  expect(found.map(shown), `seed ${seed}`).toEqual([])
  expect(attacks).toBeGreaterThan(16)
})
