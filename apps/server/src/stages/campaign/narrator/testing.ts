// For the narrator's tests: the sample room on a server with a model endpoint.
import type { CampaignEvent, NarratingEvent, NarratorTurn } from '@tablecast/contracts'
import { type ModelCall, startModel } from '@tablecast/testing'
import { newKey, openTestbed, type TestUser, until } from '../../../testing/testbed.ts'

export const roomId = 'main'
export const CANARY = 'CANARY-UNDER-THE-ALTAR'

type Options = { mode?: 'draft' | 'auto'; environment?: Record<string, string> }

/** A DM and a player follow the campaign and the narrator in the sample room. `answer` replies to each call of the model. */
export async function openNarratedRoom(
  answer: (call: ModelCall) => void,
  { mode = 'draft', environment = {} }: Options = {},
) {
  await using opened = new AsyncDisposableStack()
  const model = opened.use(await startModel(answer))
  const testbed = opened.use(
    await openTestbed({
      LLM_BASE_URL: model.baseUrl,
      LLM_MODEL: 'test-model',
      LLM_API_KEY: 'sk-canary',
      NARRATOR: mode,
      LLM_TIMEOUT_MS: '2000',
      ...environment,
    }),
  )
  const dm = await testbed.join('Dana', 'owner')
  const player = await testbed.join('Paul', 'player')
  await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: `/note ${CANARY}` })
  const [atDm, atPlayer] = [await listen(dm), await listen(player)]
  opened.use(atDm)
  opened.use(atPlayer)
  const owned = opened.move()
  return {
    testbed,
    model,
    dm,
    player,
    atDm,
    atPlayer,
    say: (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message }),
    /** The turn as the DM sees it. */
    get turn() {
      return atDm.turn as NarratorTurn | null
    },
    phase: (phase: NarratorTurn['phase']) => until(() => (atDm.turn as NarratorTurn | null)?.phase === phase),
    campaign: async () => {
      const { campaigns } = await dm.http.campaign.list.query({ roomId })
      const id = campaigns.find(({ active }) => active)?.id ?? ''
      return dm.http.campaign.get.query({ roomId, campaignId: id })
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

export async function listen(user: TestUser) {
  const client = await user.socket()
  const events: CampaignEvent[] = []
  const narratorEvents: NarratingEvent[] = []
  let turn: NarratorTurn | { text: string | null } | null = null
  const campaign = client.trpc.campaign.events.subscribe(
    { roomId, lastEventId: null },
    { onData: ({ data }) => events.push(data) },
  )
  const narrator = client.trpc.narrator.events.subscribe(
    { roomId },
    {
      onData({ data }) {
        narratorEvents.push(data)
        if (data.type === 'campaign_narrating') turn = data.turn
        else if (turn) turn = { ...turn, text: (turn.text ?? '') + data.text }
      },
    },
  )
  await until(() => events.length > 0 && narratorEvents.length > 0)
  return {
    events,
    narratorEvents,
    get turn() {
      return turn
    },
    /** All events as text. */
    get bytes() {
      return JSON.stringify([events, narratorEvents])
    },
    [Symbol.asyncDispose]: async () => {
      campaign.unsubscribe()
      narrator.unsubscribe()
      await client.close()
    },
  }
}

/** A model's reply: prose, and a block with the changes. */
export const story = (text: string, block?: object) => (block ? `${text}\n@@STATE@@\n${JSON.stringify(block)}` : text)
