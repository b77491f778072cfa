// Dice whose seeds are not shown.
import { newKey } from '../testbed.ts'
import { type CanaryTable, roomId } from './table.ts'

/** The seeds of dice that are not shown, and all that is known of secret dice. One seed of these was shown to DMs. */
export async function noteDice(table: CanaryTable): Promise<void> {
  const { testbed, dm, campaignId, ids, secretNames } = table
  const request = { roomId, campaignId }
  const secret = async () => (await dm.http.dice.chains.query(request)).chains.find(({ kind }) => kind === 'secret')
  const { revealed } = await dm.http.dice.reveal.mutate({
    ...request,
    key: newKey(),
    chainId: (await secret())?.id ?? '',
  })
  await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/gmroll 3d43', nonce: 'CANARY-again' })
  ids.secretChain = (await secret())?.id ?? ''
  const { chains } = await dm.http.dice.chains.query(request)
  for (const { kind, id, hash } of chains) if (kind === 'secret') for (const one of [id, hash]) secretNames.add(one)
  for (const { seed } of await testbed.store.read(({ dice }) => dice.current(campaignId))) secretNames.add(seed)
  secretNames.add(revealed.seed ?? '')
}
