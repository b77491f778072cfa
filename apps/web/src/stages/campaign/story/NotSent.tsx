import { messageOf } from '../../../api.ts'
import { callInWords } from '../../../live/call-words.ts'
import type { RoomCall } from '../../../live/outbox-calls.ts'
import { type Refused, TooOld } from '../../../live/outbox.ts'
import { Button } from '../../../ui/button.tsx'

type Props = {
  refused: readonly Refused<RoomCall>[]
  takeBack: (key: string, call: RoomCall) => void
}

/** The calls that the server refused after they had waited, each with the reason. */
export function NotSent({ refused, takeBack }: Props) {
  return refused.map(({ key, call, error }) => (
    <div key={key} role="alert" className="mb-2 flex flex-wrap items-center gap-2 text-sm">
      <p className="min-w-0 grow [overflow-wrap:anywhere]">
        <span className="text-bad">Not sent: {callInWords(call)}</span>{' '}
        {error instanceof TooOld ? error.message : messageOf(error)}
      </p>
      <Button className="md:!min-h-9" onClick={() => takeBack(key, call)}>
        {'message' in call ? 'Write it again' : 'Dismiss'}
      </Button>
    </div>
  ))
}
