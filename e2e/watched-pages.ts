import type { Page } from '@playwright/test'
import { httpClient } from '@tablecast/server/testing/clients'

/** A page that has not drawn a message after this time has stopped. */
const PATIENCE_MS = 60_000
/** After this many entries no harmful one is on the page any more. */
const ENTRIES_OF_A_PAGE = 60
const FAILED = 'Something went wrong on this page'

/** Watches pages of the sample room. `complaint` says what is wrong with one of them, or null, and then mends it. */
export async function watchPages(url: string, pages: Readonly<Record<string, Page>>) {
  const newKey = () => crypto.randomUUID()
  const { sample } = await httpClient(url).auth.config.query()
  const { token } = await httpClient(url).auth.guest.mutate({ name: 'Watcher' })
  const client = httpClient(url, token)
  await client.rooms.join.mutate({ key: newKey(), code: sample?.dmCode ?? '' })
  const say = (message: string) => client.campaign.say.mutate({ roomId: 'main', key: newKey(), message })

  const errors: string[] = []
  for (const [name, page] of Object.entries(pages))
    page.on('pageerror', (error) => errors.push(`${name}: ${error.message.slice(0, 200)}`))
  let count = 0

  /** Waits until the page has drawn these words, and with them all earlier ones. */
  const draws = async (name: string, page: Page, words: string): Promise<string | null> => {
    const drawn = page.waitForFunction(
      ([wanted, failed]) => {
        const text = document.body.innerText
        return text.includes(failed) ? 'failed' : text.includes(wanted) ? 'drawn' : null
      },
      [words, FAILED] as const,
      { timeout: PATIENCE_MS, polling: 100 },
    )
    return drawn
      .then(async (what) => ((await what.jsonValue()) === 'failed' ? `${name}: ${FAILED}` : null))
      .catch(() => `${name}: has not drawn what came within ${PATIENCE_MS / 1_000} s`)
  }

  const look = async (): Promise<string | null> => {
    const words = `Still here, ${++count}.`
    await say(words)
    const found = await Promise.all(Object.entries(pages).map(([name, page]) => draws(name, page, words)))
    return errors.at(0) ?? found.find((one) => one !== null) ?? null
  }

  const mend = async () => {
    for (let n = 0; n < ENTRIES_OF_A_PAGE; n++) await say(`And on, ${n}.`)
    await Promise.all(Object.values(pages).map((page) => page.reload()))
    errors.length = 0
    await look()
    errors.length = 0
  }

  return {
    async complaint() {
      const complaint = await look()
      if (complaint !== null) await mend()
      return complaint
    },
  }
}
