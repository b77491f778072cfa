import { callInWords } from '../../../live/call-words.ts'
import type { RoomCall } from '../../../live/outbox-calls.ts'
import { useOutbox } from '../../../live/outbox-state.ts'
import { NotSent } from '../story/NotSent.tsx'

/** The changes of one character that wait for the connection, and on a phone those that were not sent: the story is hidden there. */
export function OwnWaiting({ isOwn }: { isOwn: (call: RoomCall) => boolean }) {
  const { box, waiting, refused } = useOutbox()
  return (
    <>
      {waiting
        .filter(({ call }) => isOwn(call))
        .map(({ key, call }) => (
          <p key={key} className="text-warn mt-2 text-sm [overflow-wrap:anywhere]">
            {callInWords(call)} – waits for the connection.
          </p>
        ))}
      <div className="mt-2 empty:hidden md:hidden">
        <NotSent refused={refused.filter(({ call }) => isOwn(call))} takeBack={(key) => box?.drop(key)} />
      </div>
    </>
  )
}
