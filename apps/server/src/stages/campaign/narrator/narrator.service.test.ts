// The narrator over several nodes: one node writes a turn, and followers on other nodes get it.
import { type ModelCall, startModel, startNats, startPostgres } from '@tablecast/testing'
import { expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../../../testing/testbed.ts'

const roomId = 'main'

it('players on another node get a turn while it is written, and a late one gets it from the beginning', async () => {
  const calls: ModelCall[] = []
  await using model = await startModel((call) => void calls.push(call))
  await using nats = await startNats()
  await using postgres = await startPostgres()
  const environment = {
    NATS_URL: nats.url,
    DATABASE_URL: await postgres.createDatabase(),
    SESSION_SECRET: 'a secret of at least thirty-two characters',
    LLM_BASE_URL: model.baseUrl,
    LLM_MODEL: 'm',
    NARRATOR: 'auto',
  }
  await using one = await openTestbed(environment)
  await using two = await openTestbed(environment)
  for (const node of [one, two]) await until(async () => (await node.anonymous.ops.health.query()).nats_connected)
  const dm = await one.join('Dana', 'owner')
  const read = async (name: string) => {
    const user = await two.join(name, 'player')
    const client = await user.socket()
    let text: string | null = null
    client.trpc.narrator.events.subscribe(
      { roomId },
      {
        onData({ data }) {
          if (data.type === 'campaign_narrating') text = data.turn?.text ?? null
          else text = (text ?? '') + data.text
        },
      },
    )
    return { user, text: () => text, [Symbol.asyncDispose]: () => client.close() }
  }
  await using early = await read('Early')
  await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'It rings.' })
  await until(() => calls.length === 1)
  calls[0]?.say('The bell ')
  await until(() => early.text() === 'The bell')
  await using late = await read('Late')
  await until(() => late.text() === 'The bell')
  calls[0]?.say('rings.')
  for (const { text } of [early, late]) await until(() => text() === 'The bell rings.')
  // A room has one turn at a time, over all nodes.
  const elsewhere = await two.join('Cora', 'dm')
  await expect(elsewhere.http.campaign.say.mutate({ roomId, key: newKey(), message: 'Another.' })).rejects.toThrow(
    'writing already',
  )
  calls[0]?.end()
  for (const { text } of [early, late]) await until(() => text() === null)
  const { entries } = await early.user.http.campaign.history.query({
    roomId,
    campaignId: (await dm.http.campaign.list.query({ roomId })).campaigns.find(({ active }) => active)?.id ?? '',
  })
  expect(entries.at(-1)?.text).toBe('The bell rings.')

  // A DM on the other node stops the turn.
  await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: 'It rings again.' })
  await until(() => calls.length === 2)
  calls[1]?.say('Half a')
  const turnThere = async () => (await elsewhere.http.narrator.now.query({ roomId })).turn
  await until(async () => (await turnThere())?.text === 'Half a')
  await elsewhere.http.narrator.cancel.mutate({ roomId, key: newKey(), turnId: (await turnThere())?.id ?? '' })
  await until(() => calls[1]?.hungUp.aborted === true)
  await until(async () => (await turnThere())?.phase === 'cut')
  await elsewhere.http.narrator.discard.mutate({ roomId, key: newKey(), turnId: (await turnThere())?.id ?? '' })
  await until(async () => (await dm.http.narrator.now.query({ roomId })).turn === null)
})
