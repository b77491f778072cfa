// The page of an invite: its form is there before the code of the page, and loses nothing of what a person does in it.
import { holdRequests } from './routes.ts'
import { expect, phone, type Table, test } from './table.ts'

/** The page of an invite, with the code behind its form held back. */
async function openInvite(table: Table) {
  const invite = await table.linkForPlayers()
  const page = await table.page({ view: phone })
  const code = await holdRequests(page, '**/assets/{index,join}-*.js')
  await page.goto(invite, { waitUntil: 'commit' })
  const button = page.getByRole('button', { name: 'Join the table' })
  await expect(button).toBeEnabled()
  return { page, button, name: page.getByRole('textbox', { name: 'Your name' }), letCodeCome: code.release }
}

/** Where the parts of the form stand. */
const places = (page: Awaited<ReturnType<Table['page']>>) =>
  page
    .locator('h1, label, input, button, a')
    .evaluateAll((parts) =>
      parts
        .filter((part) => part.checkVisibility())
        .map((part) => [part.tagName, part.textContent.trim(), JSON.stringify(part.getBoundingClientRect())]),
    )

test('a name is typed while the page loads, and nothing of it jumps or is lost', async ({ table }) => {
  const { page, name, button, letCodeCome } = await openInvite(table)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^You are invited to “.+”$/)
  await name.pressSequentially('Mira')
  await name.press('ArrowLeft')
  const before = (await places(page)).filter(([tag]) => tag !== 'INPUT')
  await letCodeCome()
  await expect(page.locator('#first')).toHaveCount(0)
  await expect(name).toBeFocused()
  await expect(name).toHaveValue('Mira')
  const after = (await places(page)).filter(([, text]) => !text?.startsWith('Skip'))
  expect(after.filter(([tag]) => tag !== 'INPUT')).toEqual(before)
  await page.keyboard.type('i')
  await expect(name).toHaveValue('Miria')
  await button.click()
  await expect(page.getByRole('log').first()).toBeVisible()
  await page.getByRole('button', { name: 'More' }).click()
  await expect(page.getByRole('button', { name: /Miria/ })).toBeVisible()
})

test('a button that is pressed while the page loads takes the person to the table', async ({ table }) => {
  const { page, name, button, letCodeCome } = await openInvite(table)
  // The browser asks for the name first.
  await button.click()
  await expect(name).toBeFocused()
  await name.fill('Early')
  await button.click()
  await expect(page.getByRole('button', { name: 'Taking a seat…' })).toBeDisabled()
  await letCodeCome()
  await expect(page.getByRole('log').first()).toBeVisible()
})

test('a person whom the browser knows sees no form, and the chosen theme is there from the start', async ({
  table,
}) => {
  const { session } = await table.seat('player')
  const invite = await table.linkForPlayers()
  const page = await table.page({
    before: (context) =>
      context.addInitScript((value) => {
        localStorage.setItem('tablecast.session', value)
        localStorage.setItem('tablecast.theme', 'light')
      }, JSON.stringify(session)),
  })
  const code = await holdRequests(page, '**/assets/join-*.js')
  await page.goto(invite, { waitUntil: 'commit' })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect(page.getByRole('button', { name: 'Join the table' })).toHaveCount(0)
  await expect.poll(code.count).toBe(1)
  await code.release()
  await expect(page.getByRole('log').first()).toBeVisible()
})
