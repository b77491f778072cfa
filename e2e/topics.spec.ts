// The topics page beside programs that use the same hub.
import { TopicsClient } from '@tablecast/topics-client'
import { expect } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { atDesk, expectWell, takeLook } from './looks.ts'
import { test } from './table.ts'

test('a person and a program exchange messages in a topic, at a desk and on a phone', async ({ table }) => {
  const page = await table.page()
  await page.goto(`${table.server.url}/topics`)
  await expect(page.getByText('There is no topic yet.')).toBeVisible()
  await expectWell(page, 'no topics')
  await takeLook(page, atDesk)
  await page.getByLabel('New topic').fill('orders.new')
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('heading', { name: 'Watch orders.new' })).toBeVisible()

  const program = new TopicsClient({ url: `${table.server.url.replace('http', 'ws')}/ws` })
  const heard = program.subscribe('orders.new')[Symbol.asyncIterator]()
  for (let n = 1; n <= 3; n++) await program.publish('orders.new', { order: n, note: n === 2 ? 'special' : 'plain' })
  const messages = page.getByTestId('message')
  await expect(messages).toHaveCount(3)
  await page.getByLabel('Filter').fill('SPECIAL')
  await expect(messages).toHaveCount(1)
  await page.getByLabel('Filter').fill('')

  const payload = page.getByLabel('Payload, any JSON')
  await payload.fill('{"order": ')
  await expect(page.getByText(/Not JSON/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Publish' })).toBeDisabled()
  await payload.fill('{"order": 4, "from": "a person"}')
  const id = await page.getByLabel('Message id').inputValue()
  await page.getByRole('button', { name: 'Publish' }).click()
  await expect(page.getByText('Taken by the hub')).toBeVisible()
  await expect(messages.filter({ hasText: 'a person' })).toBeVisible()
  await expect(page.getByLabel('Message id')).not.toHaveValue(id)
  for (let n = 1; n <= 3; n++) await heard.next()
  expect((await heard.next()).value).toMatchObject({ id, payload: { order: 4, from: 'a person' } })

  await page.getByRole('button', { name: 'Pause' }).click()
  await program.publish('orders.new', { order: 5 })
  await expect(page.getByTestId('topic')).toContainText('5 messages')
  await expect(messages).toHaveCount(4)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(messages).toHaveCount(5)
  await page.getByRole('button', { name: 'Clear the list' }).click()
  await page.getByLabel('Replay the last').fill('2')
  await expect(messages).toHaveCount(2)
  await expect(page.getByTestId('topic')).toContainText('2 subscribers')
  await expectWell(page, 'console')

  await page.getByRole('button', { name: 'Delete orders.new' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByText('There is no topic yet.')).toBeVisible()
  expect((await heard.next()).value).toMatchObject({ payload: { order: 5 } })
  await expect(heard.next()).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  program.close()
})

test('an API key is shown once, works, and stops working when it is revoked', async ({ table }) => {
  const page = await table.page()
  await page.goto(`${table.server.url}/topics`)
  await page.getByLabel('New topic').fill('dice.rolls')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('button', { name: 'API keys' }).click()
  await page.getByLabel('What it is for').fill('The dice bot')
  await page.getByRole('textbox', { name: 'Topic', exact: true }).fill('dice.*')
  await page.getByRole('switch', { name: 'May subscribe' }).click()
  await page.getByRole('button', { name: 'Make a key' }).click()
  await expect(page.getByText('Copy it now; it is not shown again.')).toBeVisible()
  await expectAccessible(page, 'keys')
  const token = await page.locator('code', { hasText: /^tck_/ }).innerText()
  const bot = new TopicsClient({ url: `${table.server.url.replace('http', 'ws')}/ws`, token })
  await bot.publish('dice.rolls', 17)
  await expect(bot.subscribe('dice.rolls')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  })
  await expect(page.getByTestId('api-key')).toContainText('dice.*: publish')
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByTestId('api-key')).toContainText('Revoked')
  await expect.poll(() => bot.status).not.toBe('open')
  bot.close()
})
