import { CloudOff, X } from 'lucide-react'
import { callInWords } from '../../../live/call-words.ts'
import type { RoomCall } from '../../../live/outbox-calls.ts'
import { useOutbox } from '../../../live/outbox-state.ts'
import { IconButton } from '../../../ui/button.tsx'
import { NotSent } from './NotSent.tsx'

/** Says what waits for the connection, what was refused after it had waited, and that all of it went out. */
export function OutboxNotice({ onTakeBack }: { onTakeBack: (message: string) => void }) {
  const { box, waiting, refused, sentLate } = useOutbox()
  const takeBack = (key: string, call: RoomCall) => {
    box?.drop(key)
    if ('message' in call) onTakeBack(call.message)
  }
  return (
    <>
      <p role="status" className="text-soft text-sm empty:hidden">
        {waiting.length > 0
          ? `${things(waiting.length)} ${waiting.length === 1 ? 'waits' : 'wait'} for the connection. ${waiting.length === 1 ? 'It goes' : 'They go'} out by ${waiting.length === 1 ? 'itself' : 'themselves, in this order'}.`
          : sentLate > 0
            ? `Back again: ${things(sentLate)} that waited ${sentLate === 1 ? 'was' : 'were'} sent.`
            : null}
      </p>
      {waiting.length > 0 && (
        <ul aria-label="Waiting to be sent" className="mb-2 max-h-32 overflow-y-auto">
          {waiting.map(({ key, call }) => (
            <li key={key} className="flex items-center gap-2 text-sm">
              <CloudOff size={15} aria-hidden="true" className="text-warn shrink-0" />
              <span className="min-w-0 grow truncate">{callInWords(call)}</span>
              <IconButton label={`Do not send ${callInWords(call)}`} onClick={() => takeBack(key, call)}>
                <X size={15} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <NotSent refused={refused} takeBack={takeBack} />
    </>
  )
}

const things = (count: number): string => (count === 1 ? '1 message or change' : `${count} messages and changes`)
