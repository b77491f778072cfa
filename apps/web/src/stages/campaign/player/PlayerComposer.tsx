import { Ear } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { api } from '../../../api.ts'
import { IconButton } from '../../../ui/button.tsx'
import { SendButton } from '../SendButton.tsx'
import { Problem } from '../../../ui/field.tsx'
import { DiceButton } from '../DiceButton.tsx'
import { OutboxNotice } from '../story/OutboxNotice.tsx'
import { useComposer } from '../use-composer.ts'

const TYPING_MS = 2_500

type Props = { roomId: string; campaignId: string; myId: string; isSpectator: boolean }

/** Say or act, and roll dice. */
export function PlayerComposer({ roomId, campaignId, myId, isSpectator }: Props) {
  const { text, change, send, takeBack, isSending, problem, answer } = useComposer(roomId, 'player')
  const typing = useTyping(roomId)
  const [isWhispering, setIsWhispering] = useState(false)
  const say = () => {
    typing.stop()
    void send(undefined, isWhispering ? 'dm' : 'all')
  }
  if (isSpectator)
    return <p className="text-soft border-line border-t p-4 text-center text-sm">You are watching as a spectator.</p>
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    say()
  }
  return (
    <form
      className="border-line bg-card border-t p-3"
      onSubmit={(event) => {
        event.preventDefault()
        say()
      }}
    >
      <div className="mx-auto max-w-[42rem]">
        <OutboxNotice onTakeBack={takeBack} />
        <Problem text={problem} />
        {answer && <p className="text-soft mb-2 text-sm whitespace-pre-line">{answer}</p>}
        <div className="flex items-end gap-2">
          <DiceButton roomId={roomId} campaignId={campaignId} myId={myId} isDm={false} whispers={isWhispering} />
          <IconButton
            label="Whisper to the DM"
            aria-pressed={isWhispering}
            look={isWhispering ? 'primary' : 'plain'}
            onClick={() => setIsWhispering(!isWhispering)}
          >
            <Ear size={19} />
          </IconButton>
          <textarea
            aria-label="Say or act"
            data-skip="Message"
            data-kept
            placeholder={isWhispering ? 'To the DM alone…' : 'Say or act… [[1d20+5]]'}
            rows={Math.min(5, Math.max(1, text.split('\n').length))}
            maxLength={4_000}
            className={`input resize-none ${isWhispering ? '!border-accent italic' : ''}`}
            value={text}
            onChange={(event) => {
              change(event.target.value)
              typing.start()
            }}
            onKeyDown={keyed}
          />
          <SendButton disabled={isSending || text.trim() === ''} />
        </div>
      </div>
    </form>
  )
}

/** Tells the table that this player started and stopped typing. */
function useTyping(roomId: string): { start: () => void; stop: () => void } {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const tell = (status: 'typing' | 'idle') => void api.presence.set.mutate({ roomId, status }).catch(() => {})
  const stop = () => {
    if (timer.current === undefined) return
    clearTimeout(timer.current)
    timer.current = undefined
    tell('idle')
  }
  const start = () => {
    if (timer.current === undefined) tell('typing')
    clearTimeout(timer.current)
    timer.current = setTimeout(stop, TYPING_MS)
  }
  return { start, stop }
}
