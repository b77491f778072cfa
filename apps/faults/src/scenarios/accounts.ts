// Faults that meet people with an account.
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, type OidcProvider, startOidc } from '@tablecast/testing'
import type { PageFollower } from '../page-follower.ts'
import { type Context, type Outcome, play, type ScenarioDeps, type ScenarioResult, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const CONNECT_TIMEOUT_MS = 60_000
const LIFE_SECONDS = 6

/** Plays with one player more, who has an account. */
async function playWithAccount(
  context: Context,
  work: (given: ScenarioDeps & { page: PageFollower; oidc: OidcProvider }) => Promise<ScenarioResult>,
): Promise<Outcome> {
  const application = `http://127.0.0.1:${await freePort()}`
  await using oidc = await startOidc({ application, accessTokenSeconds: LIFE_SECONDS })
  const { domain, audience, clientId, environment } = oidc
  return await play(
    context,
    async ({ cluster, table }) => {
      const page = await table.sitWithAccount({ domain, audience, clientId, application }, 'Ada')
      return work({ cluster, table, context, page, oidc })
    },
    { environment: { ...environment, GUESTS: 'on' } },
  )
}

export const tokenExpiresDuringSleep: Scenario = {
  name: 'asleep-past-the-token',
  title: 'the page of somebody with an account is stopped (SIGSTOP) past the end of their token, then runs on',
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    playWithAccount(context, async ({ table, page }) => {
      const rounds = context.isShort ? 1 : 3
      for (let round = 0; round < rounds; round++) {
        page.sleep()
        await pause(2 * LIFE_SECONDS * 1_000)
        page.wake()
        const woken = performance.now()
        await table.acknowledged()
        await table.caughtUp(woken)
        await within(CONNECT_TIMEOUT_MS, 'the page is live', () => page.link === 'live')
      }
      return { rounds }
    }),
}

export const providerUnreachable: Scenario = {
  name: 'provider-away',
  title: 'the sign-in service refuses every connection, or answers nothing, past the end of a token',
  setups: ['sqlite', 'cluster'],
  short: ['sqlite'],
  run: (context) =>
    playWithAccount(context, async ({ table, page, oidc }) => {
      const ways = context.isShort ? (['refuses'] as const) : (['refuses', 'hangs', 'refuses', 'hangs'] as const)
      for (const how of ways) {
        oidc.goAway(how)
        await within(CONNECT_TIMEOUT_MS, 'the page waits for its next token', () => page.link === 'renewing')
        await pause(3_000)
        oidc.comeBack()
        const back = performance.now()
        await within(CONNECT_TIMEOUT_MS, 'the page is live', () => page.link === 'live')
        await table.acknowledged()
        await table.caughtUp(back)
      }
      return { rounds: ways.length }
    }),
}
