import type { DiceChain } from '@tablecast/contracts'
import { useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'

type Props = {
  title: string
  /** Undefined before the first roll. */
  chain: DiceChain | undefined
  where: { roomId: string; campaignId: string }
  isDm: boolean
  onShown: () => void
}

/** The chain that rolls go on with: its commitment, the rolls that wait, and for DMs the button that shows its seed. */
export function CurrentDice({ title, chain, where, isDm, onShown }: Props) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const show = async (chainId: string) => {
    setSending(true)
    setProblem(null)
    try {
      await api.dice.reveal.mutate({ ...where, key: newKey(), chainId })
      onShown()
    } catch (error) {
      setProblem(messageOf(error))
    }
    setSending(false)
  }
  return (
    <section aria-label={title}>
      <h3 className="font-semibold">{title}</h3>
      {chain ? (
        <>
          <p className="mt-1 text-sm">{waitingInWords(chain.rolls)}</p>
          <p className="text-soft mt-1 text-sm">
            SHA-256 of the seed: <code className="block break-all">{chain.hash}</code>
          </p>
          {isDm && (
            <Confirm
              title="Show the seed?"
              text={
                chain.kind === 'open'
                  ? 'Everybody at the table reads it in the story and can check these rolls. Later rolls come from a new seed.'
                  : 'All DMs read it in the story. Players don’t. Later secret rolls come from a new seed.'
              }
              action="Show it"
              trigger={
                <Button className="mt-3" disabled={isSending || chain.rolls === 0}>
                  Show the seed and begin a new one
                </Button>
              }
              onConfirm={() => void show(chain.id)}
            />
          )}
        </>
      ) : (
        <p className="text-soft mt-1 text-sm">
          No roll can be checked yet. The next one first writes the commitment to its seed into the story.
        </p>
      )}
      <Problem text={problem} />
    </section>
  )
}

function waitingInWords(rolls: number): string {
  if (rolls === 0) return 'Nothing was rolled with this seed yet.'
  return rolls === 1
    ? '1 roll waits until a DM shows the seed.'
    : `${rolls.toLocaleString('en')} rolls wait until a DM shows the seed.`
}
