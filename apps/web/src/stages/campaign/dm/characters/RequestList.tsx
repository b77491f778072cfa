import type { CampaignState, Member } from '@tablecast/contracts'
import { useState } from 'react'
import { useSession } from '../../../../auth/use-session.ts'
import { messageOf } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { Section } from '../../../../ui/section.tsx'
import { usePart } from '../../../../ui/use-part.tsx'
import { loadSheet } from '../../character-sheet/later-parts.ts'
import { operateSheets } from '../../character-sheet/operate-sheets.ts'
import type { Where } from '../../character-sheet/use-sheet.ts'

type Request = NonNullable<CampaignState['requests']>[number]
type Props = { where: Where; requests: readonly Request[]; members: readonly Member[] }

/** The characters that players ask for. */
export function RequestList({ where, requests, members }: Props) {
  if (requests.length === 0) return null
  return (
    <Section title="Players ask for">
      <ul className="flex flex-col gap-2">
        {requests.map((request) => (
          <li key={request.id}>
            <RequestRow
              where={where}
              request={request}
              by={members.find(({ userId }) => userId === request.ownerId)?.name ?? 'Somebody who left'}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function RequestRow({ where, request, by }: { where: Where; request: Request; by: string }) {
  const { Part: SheetDialog, want, problem: notLoaded } = usePart(loadSheet)
  const [isOpen, setIsOpen] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const myId = useSession()?.userId ?? ''
  const { id, name, level, hp, armourClass, sheet } = request
  const answer = async (type: 'accept' | 'decline') => {
    setIsBusy(true)
    setProblem(null)
    await operateSheets(where, { type, requestId: id }).catch((error: unknown) => setProblem(messageOf(error)))
    setIsBusy(false)
  }
  const owner = { id, name, hp, maxHp: hp, armourClass, hash: sheet.hash, uses: [], isDm: true }
  return (
    <div role="group" aria-label={`Request: ${name}`} className="border-accent rounded-xl border border-dashed p-3">
      <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
      <p className="text-soft text-sm [overflow-wrap:anywhere]">
        {by} · level {level} · {hp} HP{armourClass !== null && ` · AC ${armourClass}`}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button look="primary" className="!px-3 text-sm" disabled={isBusy} onClick={() => void answer('accept')}>
          Accept<span className="sr-only"> {name}</span>
        </Button>
        <Button
          className="!px-3 text-sm"
          aria-haspopup="dialog"
          onClick={() => {
            if (!SheetDialog) want()
            setIsOpen(true)
          }}
        >
          Sheet<span className="sr-only"> of {name}</span>
        </Button>
        <Button look="danger" className="!px-3 text-sm" disabled={isBusy} onClick={() => void answer('decline')}>
          Decline<span className="sr-only"> {name}</span>
        </Button>
      </div>
      <Problem text={problem} />
      {isOpen && SheetDialog && (
        <SheetDialog where={where} owner={owner} face={null} myId={myId} isRequest onClose={() => setIsOpen(false)} />
      )}
      {notLoaded}
    </div>
  )
}
