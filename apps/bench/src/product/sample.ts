import type { Client } from './product.ts'

export type Where = { roomId: string; campaignId: string }

/** The room and the open campaign that every new server has. `dm`: of that room. */
export async function sampleOf(dm: Client): Promise<Where> {
  const roomId = 'main'
  const { campaigns } = await dm.campaign.list.query({ roomId })
  const open = campaigns.find(({ active }) => active)
  if (!open) throw new Error('the sample has no open campaign')
  return { roomId, campaignId: open.id }
}
