// The narrator with a model: a local server that speaks OpenAI's protocol stands in for it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ModelCall, startModel, type TestModel } from '@tablecast/testing'
import type { Page } from '@playwright/test'
import { WebSocketServer } from 'ws'
import { expectAccessible } from './accessible.ts'
import { TestServer } from './server.ts'
import { desktop, expect, phone, say, Table, test as base, ownProcess } from './table.ts'

/** Calls of the model, in the order in which they come; each is answered by the test. */
class Calls {
  readonly #waiting: ModelCall[] = []
  readonly #wanted: ((call: ModelCall) => void)[] = []

  take(call: ModelCall): void {
    const wanted = this.#wanted.shift()
    if (wanted) wanted(call)
    else this.#waiting.push(call)
  }

  next(): Promise<ModelCall> {
    const waiting = this.#waiting.shift()
    return waiting ? Promise.resolve(waiting) : new Promise((resolve) => this.#wanted.push(resolve))
  }
}

const test = base.extend<{ calls: Calls; model: TestModel }>({
  // Playwright wants a pattern here, whatever is in it.
  // oxlint-disable-next-line no-empty-pattern
  calls: async ({}, use) => use(new Calls()),
  model: async ({ calls }, use) => {
    await using model = await startModel((call) => calls.take(call))
    await use(model)
  },
  table: async ({ browser, model, host }, use) => {
    const server = await TestServer.start(
      { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'storyteller', LLM_TIMEOUT_MS: '60000' },
      { host },
    )
    const table = new Table(server, browser)
    await use(table)
    await table.close()
    await server.stop()
  },
})

test('a DM edits the narrator’s draft and publishes its words and changes in one step', async ({ table, calls }) => {
  const dm = await table.dm()
  const player = await table.player()
  const onPhone = await table.player({ view: phone, scheme: 'light' })
  await dm.getByRole('tab', { name: 'Narrator' }).click()
  await expect(dm.getByText('Model: storyteller')).toBeVisible()
  await dm.getByRole('radio', { name: 'A draft for you' }).check()
  await expectAccessible(dm, 'narrator settings')
  await expect(dm.getByPlaceholder('Say what happens; the narrator writes it.')).toBeVisible()

  await say(dm, 'The bell tolls and the tide comes in.')
  const draft = dm.getByTestId('draft')
  await expect(draft.getByTestId('progress')).toContainText('Thinking')
  await expect(player.getByTestId('being-written')).toContainText('Thinking')
  const call = await calls.next()
  call.say('The bell tolls. ')
  await expect(draft.getByTestId('draft-text')).toHaveText('The bell tolls.')
  await expect(draft.getByTestId('progress')).toContainText('Writing')
  await expect(player.getByTestId('being-written')).toContainText('Writing')
  await expectAccessible(dm, 'being written')
  call.say('Green water climbs the stairs.\n@@STATE@@\n')
  call.say(
    '{"changes": {"status": "Flooding", "environment": {"add": ["Rising water"]}}, "rolls": [{"who": "Mira", "notation": "1d20+2", "why": "to keep her feet"}]}',
  )
  call.end()
  await expect(draft.getByTestId('progress')).toContainText('Ready to publish')
  await expect(draft.getByTestId('changes')).toContainText('Status: Flooding')
  await expect(draft.getByTestId('changes')).toContainText('New condition: Rising water')
  await expect(draft.getByText('Mira: 1d20+2, to keep her feet')).toBeVisible()
  for (const page of [player, onPhone]) {
    await expect(page.getByTestId('being-written')).toBeHidden()
    await expect(page.getByText('Green water')).toBeHidden()
  }
  await expectAccessible(dm, 'draft')

  await draft.getByRole('button', { name: 'Edit' }).click()
  await draft.getByLabel('The draft, as you want it').fill('The bell tolls. Green water climbs the last stairs.')
  await expectAccessible(dm, 'editing the draft')
  await draft.getByRole('button', { name: 'Publish' }).click()
  await expect(draft).toBeHidden()
  for (const page of [player, onPhone]) {
    await expect(page.getByTestId('entry').filter({ hasText: 'Green water climbs the last stairs.' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  }
  await table.expectInStep(dm, [player, onPhone])

  // An undo takes the whole turn back. The DM alone keeps its words.
  await dm.getByRole('button', { name: 'Undo' }).click()
  await expect(dm.getByTestId('entry').filter({ hasText: 'Green water' })).toContainText('Taken back')
  await expect(player.getByTestId('entry').last()).toHaveText('Taken back')
  await expect(player.getByText('Green water')).toHaveCount(0)
  await expect(player.getByText('Rising water')).toBeHidden()
  await table.expectInStep(dm, [player, onPhone])
})

test('players read along while the narrator writes, about as fast as a bare relay', async ({ table, calls }, info) => {
  const dm = await table.dm()
  const player = await table.player({ view: phone })
  await straightToTheTable(dm)
  const late = await table.page()

  await test.step('players read the narrator’s answer while it is written, also those who join in the middle', async () => {
    await player.getByRole('textbox', { name: 'Say or act' }).fill('I listen at the door.')
    await player.getByRole('button', { name: 'Send' }).click()
    await dm
      .getByTestId('entry')
      .filter({ hasText: 'I listen at the door.' })
      .getByRole('button', { name: 'Answer' })
      .click()
    const call = await calls.next()
    expect(call.text).toContain('I listen at the door.')
    call.say('Behind the oak, something ')
    const written = player.getByTestId('being-written')
    await expect(written).toContainText('Behind the oak, something')
    await expectAccessible(player, 'reading along')
    await table.openAsPlayer(late)
    await expect(late.getByTestId('being-written')).toContainText('Behind the oak, something')
    call.say('breathes.')
    for (const page of [player, late])
      await expect(page.getByTestId('being-written')).toContainText('Behind the oak, something breathes.')
    call.end()
    for (const page of [player, late, dm]) {
      await expect(page.getByTestId('entry').filter({ hasText: 'Behind the oak, something breathes.' })).toHaveCount(1)
      await expect(page.getByTestId('being-written')).toHaveCount(0)
    }
    await expect(dm.getByTestId('draft')).toBeHidden()
    await table.expectInStep(dm, [player, late])
  })

  await test.step('the narrator’s pieces reach every player’s page about as fast as a bare relay sends them', async () => {
    const players = [player, late, await table.player()]
    await say(dm, 'Count.')
    const call = await calls.next()
    call.say('Begin. ')
    for (const player of players) await expect(player.getByTestId('being-written')).toContainText('Begin.')
    await using relay = await bareRelay(table)
    const pieces: { story: number; bare: number }[] = []
    for (let n = 1; n <= 20; n++) {
      const word = `piece${n}.`
      const watching = players.map((player) => player.getByTestId('being-written').evaluate(drawnIn, word))
      const at = performance.timeOrigin + performance.now()
      call.say(`${word} `)
      const story = median((await Promise.all(watching)).map((seen) => seen - at))
      const watchingBare = relay.pages.map((page) => page.locator('body').evaluate(drawnIn, word))
      const bareAt = performance.timeOrigin + performance.now()
      relay.send(word)
      pieces.push({ story, bare: median((await Promise.all(watchingBare)).map((seen) => seen - bareAt)) })
    }
    call.end()
    const [story, bare] = [median(pieces.map((piece) => piece.story)), median(pieces.map((piece) => piece.bare))]
    const ratio = median(pieces.map((piece) => piece.story / Math.max(1, piece.bare)))
    info.annotations.push({
      type: 'latency',
      description: `median ${story.toFixed(1)} ms, bare relay ${bare.toFixed(1)} ms, ratio ${ratio.toFixed(2)}`,
    })
    // 150 ms is some nine frames, and the bare relay takes about one.
    expect(ratio).toBeLessThan(9)
    await expect(players[0]?.getByTestId('entry').last() ?? dm.locator('never')).toContainText('piece1. piece2.')
  })
})

test(
  'a server killed while the narrator writes leaves no half entry, and the DM gets the draft back',
  ownProcess,
  async ({ table, calls }) => {
    const dm = await table.dm()
    const player = await table.player()
    await straightToTheTable(dm)
    await say(dm, 'Something rises.')
    const call = await calls.next()
    call.say('From the deep a ')
    await expect(player.getByTestId('being-written')).toContainText('From the deep a')
    await table.server.kill()
    await table.server.start()
    for (const page of [dm, player]) await expect(page.getByTestId('connection')).toHaveText('Live')
    const draft = dm.getByTestId('draft')
    await expect(draft).toContainText('It was cut off when the server stopped.')
    await expect(draft).toContainText('Something rises.')
    await expect(player.getByTestId('being-written')).toHaveCount(0)
    await expect(player.getByTestId('entry').filter({ hasText: 'From the deep' })).toHaveCount(0)
    await expectAccessible(dm, 'cut off')
    await draft.getByRole('button', { name: 'Write again' }).click()
    const again = await calls.next()
    again.reply('From the deep a hand.')
    await expect(player.getByTestId('entry').filter({ hasText: 'From the deep a hand.' })).toHaveCount(1)
    await table.expectInStep(dm, [player])
  },
)

test('a player who joins late can read a recap, which is offered once a session', async ({ table, calls }) => {
  const player = await table.player({ view: phone, scheme: 'light' })
  await player.getByRole('button', { name: 'Read what happened before' }).click()
  const call = await calls.next()
  await expect(player.getByText('Leafing back…')).toBeVisible()
  call.reply('Previously: the ferry sank, and nobody asked why.')
  const recap = player.getByTestId('recap')
  await expect(recap).toContainText('the ferry sank')
  await expectAccessible(player, 'recap')
  await player.getByRole('button', { name: 'Close' }).click()
  await player.getByRole('button', { name: 'No recap, thank you' }).click()
  await player.reload()
  await expect(player.getByRole('log').first()).toBeVisible()
  // The offer comes once a session. The button stays.
  await expect(player.getByRole('button', { name: 'Read what happened before' })).toBeHidden()
  await player.getByRole('button', { name: 'Previously…' }).click()
  await expect(recap).toContainText('the ferry sank')
  const dm = await table.dm({ view: desktop })
  await dm.getByRole('button', { name: 'Previously…' }).click()
  await expect(dm.getByTestId('recap')).toContainText('the ferry sank')
})

async function straightToTheTable(dm: Page): Promise<void> {
  await dm.getByRole('tab', { name: 'Narrator' }).click()
  await dm.getByRole('radio', { name: 'Straight to the table' }).check()
  await expect(dm.getByPlaceholder('Say what happens; the narrator writes it.')).toBeVisible()
}

/** When the word was drawn, by the clock of this machine, which all pages share. */
const drawnIn = (element: Element, word: string) =>
  new Promise<number>((resolve) => {
    const look = () => {
      if (element.textContent?.includes(word)) resolve(performance.timeOrigin + performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })

/** The smallest possible relay: a server that passes each word on, and three pages that show it. */
async function bareRelay(table: Table) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(
      "<body></body><script>new WebSocket(location.href.replace('http', 'ws')).onmessage = ({ data }) => document.body.append(data)</script>",
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new WebSocketServer({ server })
  const { port } = server.address() as AddressInfo
  const pages = await Promise.all([1, 2, 3].map(() => table.page()))
  for (const page of pages) await page.goto(`http://127.0.0.1:${port}`)
  await expect.poll(() => sockets.clients.size).toBe(pages.length)
  return {
    pages,
    send: (word: string) => sockets.clients.forEach((client) => client.send(word)),
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
