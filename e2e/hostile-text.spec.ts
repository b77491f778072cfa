// Texts that one person writes to harm the others: every page shows them as written and goes on.
import { type BrowserContext, expect, type Page } from '@playwright/test'
import { say, test } from './table.ts'

const hostile = {
  'lists in a list': `${'- '.repeat(1_999)}a`,
  'quotes in a quote': '>'.repeat(4_000),
  'numbered lists in a list': '1. '.repeat(1_300),
  'words set apart within each other': `${'*a '.repeat(600)}${'b*'.repeat(600)}`,
  'stars and strokes': '*a_'.repeat(1_300),
  'pictures within a picture': `${'!['.repeat(600)}a${'](b)'.repeat(600)}`,
  'many items': '- a\n'.repeat(990),
}

/** Sends a call as a program would, with the person's own token. */
async function mutate(page: Page, path: string, input: object): Promise<void> {
  const status = await page.evaluate(
    async ([where, body]) => {
      const { token } = JSON.parse(localStorage.getItem('tablecast.session') ?? '{}') as { token: string }
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      return (await fetch(`/trpc/${where}`, { method: 'POST', headers, body })).status
    },
    [path, JSON.stringify({ roomId: 'main', key: crypto.randomUUID(), ...input })] as const,
  )
  expect(status).toBe(200)
}

test('texts made to break the Markdown parser are shown as written, and every page stays live', async ({ table }) => {
  const dm = await table.dm()
  const writer = await table.player()
  const reader = await table.player({ name: 'Rita' })
  const entriesOf = (page: Page) => page.getByRole('log', { name: 'Story', exact: true }).getByTestId('entry')

  for (const message of Object.values(hostile)) {
    await mutate(writer, 'campaign.say', { message })
    await mutate(writer, 'campaign.whisper', { message })
  }
  await mutate(writer, 'campaign.say', { message: '# A title\n\n> - a quote, with *words* in it' })
  await say(dm, 'The story goes on.')

  const pages = [dm, writer, reader]
  const expectWhole = async () => {
    for (const page of pages) {
      await expect(page.getByTestId('connection')).toHaveText('Live')
      await expect(entriesOf(page).last()).toContainText('The story goes on.')
      for (const text of Object.values(hostile)) {
        const shown = entriesOf(page).filter({ has: page.getByText(text.trim(), { exact: true }) })
        // A page that may have the whispers shows each text twice.
        await expect(shown).toHaveCount(page === reader ? 1 : 2)
      }
      await expect(entriesOf(page).getByRole('heading', { name: 'A title' })).toBeVisible()
      await expect(entriesOf(page).locator('blockquote em')).toHaveText('words')
    }
    await table.expectInStep(dm, [writer, reader])
  }
  await expectWhole()
  for (const page of pages) await page.reload()
  await expectWhole()

  await dm.getByRole('tab', { name: 'View as' }).click()
  await expect(dm.getByRole('log', { name: 'Story as players see it' }).getByTestId('entry').last()).toContainText(
    'The story goes on.',
  )
  await writer.getByRole('button', { name: 'Previously…' }).click()
  await expect(writer.getByRole('dialog', { name: 'Previously…' }).getByTestId('recap')).not.toBeEmpty()
})

test('an entry that fails to draw is shown as plain words, and the other entries stay', async ({ table }) => {
  const dm = await table.dm()
  // Plays a fault of our own: one entry has a shape that the page was not made for.
  const broken = (text: string) => text.replace(/("text":"Broken words\.","rolls":)\[\]/, '$1[{}]')
  const player = await table.player({
    before: (context: BrowserContext) =>
      context.routeWebSocket(/\/trpc/, (socket) => {
        const server = socket.connectToServer()
        server.onMessage((message) => socket.send(typeof message === 'string' ? broken(message) : message))
      }),
  })
  await mutate(player, 'campaign.say', { message: 'Broken words.' })
  await say(dm, 'And the next.')
  const story = player.getByRole('log', { name: 'Story', exact: true })
  await expect(story.getByTestId('entry').last()).toContainText('And the next.')
  await expect(story.getByText('Broken words.')).toBeVisible()
  await expect(story.getByTestId('entry').filter({ hasText: 'Broken words.' })).toHaveCount(0)
  await expect(player.getByTestId('connection')).toHaveText('Live')
})
