// How pictures come in: dropped, pasted, refused, and cancelled on the way.
import { expectAccessible } from './accessible.ts'
import { blur } from './keyboard.ts'
import { chapel, dropFiles, face, pasteFiles, removeSamplePictures, tideTable } from './pictures.ts'
import { type HeldRequests, holdRequests } from './routes.ts'
import { expect, test } from './table.ts'

test.beforeEach(({ table }) => removeSamplePictures(table.server.url))

test('pictures that are dropped before the console’s code for them has loaded are not lost', async ({ table }) => {
  let desk: HeldRequests | undefined
  const dm = await table.dm({
    before: async (context) => {
      desk = await holdRequests(context, /PictureDesk-.*\.js/)
    },
  })
  await dm.getByRole('tab', { name: 'Characters' }).click()
  await dropFiles(dm.getByRole('button', { name: 'MA: change the portrait of Mira Ashdown' }), [face])
  await dropFiles(dm.locator('body'), [chapel])
  await expect.poll(() => desk?.count()).toBe(1)
  await desk?.release()
  await expect(dm.getByRole('dialog', { name: 'Portrait of Mira Ashdown' })).toBeVisible()
  await dm.keyboard.press('Escape')
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expect(dm.getByText('Chapel', { exact: true }).first()).toBeVisible()
})

test.describe('with small limits', () => {
  test.use({ environment: { MEDIA_PICTURE_MAX_BYTES: '200000' } })

  test('a file that is no picture, a script, a broken picture and one that is too large say why', async ({ table }) => {
    const dm = await table.dm()
    await dm.getByRole('tab', { name: 'Handouts' }).click()
    await expect(dm.getByRole('button', { name: 'Add a text' })).toBeVisible()
    const sent: string[] = []
    dm.on('request', (request) => {
      if (request.method() === 'POST' && request.url().includes('/pictures?')) sent.push(request.url())
    })
    const refused = dm.getByRole('complementary', { name: 'Pictures' }).getByRole('alert')
    const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer })
    const noise = Buffer.alloc(400_000, 'noise that does not compress')
    await dropFiles(dm.getByRole('log'), [
      file('not-a-picture.png', 'image/png', Buffer.from('MZ this is a program')),
      file(
        'script.svg',
        'image/svg+xml',
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      ),
      file('half.png', 'image/png', tideTable.buffer.subarray(0, 200)),
      file('large.png', 'image/png', Buffer.concat([tideTable.buffer, noise])),
    ])
    await expect(refused).toHaveCount(4)
    // The page knows the reasons of the others, and sends nothing of them.
    expect(sent).toHaveLength(1)
    for (const name of ['not-a-picture.png', 'script.svg', 'half.png', 'large.png']) {
      const words = await refused.filter({ hasText: name }).locator('.text-bad').innerText()
      expect(words, name).toMatch(/^[A-Z].*\.$/)
      expect(words, name).not.toMatch(/connection broke off|server did not take/)
    }
    await expect(refused.filter({ hasText: 'script.svg' })).toContainText('SVG')
    await expect(refused.filter({ hasText: 'large.png' })).toContainText('a picture may have 200,000 bytes')
    await expectAccessible(dm, 'refusals')
    await dm.getByRole('button', { name: 'Dismiss large.png' }).click()
    await expect(refused).toHaveCount(3)
    await dropFiles(dm.getByRole('log'), [file('adventure.md', 'text/markdown', Buffer.from('# An adventure'))])
    await expect(dm.getByText('Only pictures can be dropped here')).toBeVisible()
    await expect(refused).toHaveCount(3)
  })
})

test('a picture can be cancelled on its way, and pasted pictures and text become handouts', async ({ table }) => {
  const dm = await table.dm()
  await dm.getByRole('tab', { name: 'Handouts' }).click()
  await expect(dm.getByRole('button', { name: 'Add a text' })).toBeVisible()

  await test.step('an upload on a slow line shows how far it is, and can be cancelled', async () => {
    const line = await dm.context().newCDPSession(dm)
    await line.send('Network.enable')
    await line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 20_000,
    })
    const noisy = Buffer.from(Array.from({ length: 600_000 }, (_, place) => (place * 7_919 + (place >> 3)) % 251))
    await dropFiles(dm.getByRole('log'), [{ ...tideTable, buffer: Buffer.concat([tideTable.buffer, noisy]) }])
    const progress = dm.getByRole('progressbar', { name: 'Upload of tide-table.png' })
    await expect(progress).toBeVisible()
    await dm.getByRole('button', { name: 'Cancel the upload of tide-table.png' }).click()
    await expect(progress).toBeHidden()
    await expect(dm.getByRole('listitem', { name: 'Tide table' })).toHaveCount(0)
    await line.detach()
  })

  await test.step('pasted pictures and text become handouts, and pasted words stay in their field', async () => {
    await blur(dm)
    await pasteFiles(dm, [tideTable])
    await expect(dm.getByRole('listitem', { name: 'Tide table' })).toBeVisible()
    await dm.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'Meet me at the weir\nat low tide.')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await expect(dm.getByRole('listitem', { name: 'Meet me at the weir' })).toBeVisible()
    const box = dm.getByRole('combobox', { name: 'Message' })
    await box.focus()
    await dm.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'Words for the table.')
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      )
    })
    await expect(dm.getByRole('list', { name: 'Handouts' }).locator('> li')).toHaveCount(2)
  })
})
