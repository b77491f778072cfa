// Another table of a server: what happens to it while a first one sends pictures or maps.
import { setTimeout as pause } from 'node:timers/promises'
import { Screen } from './product/screen.ts'
import type { Product } from './product/product.ts'

export const WORD_INTERVAL_MS = 100

/** Another room of the same server, with its own DM and one player. */
export async function otherTable(product: Product, opened: AsyncDisposableStack) {
  const anonymous = product.client()
  const [owner, guest] = [
    await anonymous.auth.guest.mutate({ name: 'Other DM' }),
    await anonymous.auth.guest.mutate({ name: 'Bystander' }),
  ]
  const dm = product.client(owner.token)
  const { room, invites } = await dm.rooms.create.mutate({ key: product.key(), name: 'Another table' })
  const roomId = room.id
  const { id: campaignId } = await dm.campaign.create.mutate({ key: product.key(), roomId, name: 'Another' })
  await dm.campaign.activate.mutate({ key: product.key(), roomId, campaignId })
  const code = invites.find(({ role }) => role === 'player')?.code ?? ''
  await product.client(guest.token).rooms.join.mutate({ key: product.key(), code })
  const screen = opened.use(new Screen(product.port, guest.token, roomId))
  await screen.arrival
  return {
    async word(times: number[]): Promise<void> {
      const began = performance.now()
      const heard = screen.nextUpdate()
      await dm.campaign.say.mutate({ roomId, key: product.key(), message: 'The bell tolls.' })
      await heard
      times.push(performance.now() - began)
      await pause(Math.max(0, WORD_INTERVAL_MS - (performance.now() - began)))
    },
  }
}
