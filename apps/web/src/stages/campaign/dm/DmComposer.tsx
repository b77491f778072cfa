import { audienceOf, type CampaignState, type Member } from '@tablecast/contracts'
import { Fragment, type KeyboardEvent, useId, useRef, useState } from 'react'
import { DiceButton } from '../DiceButton.tsx'
import { SendButton } from '../SendButton.tsx'
import { Problem } from '../../../ui/field.tsx'
import { usePasteNotice } from '../../../ui/use-paste-notice.ts'
import { OutboxNotice } from '../story/OutboxNotice.tsx'
import { useComposer } from '../use-composer.ts'
import { completionsFor } from './completion.ts'

type Props = {
  roomId: string
  campaignId: string
  myId: string
  state: CampaignState
  members: readonly Member[]
  isForModel?: boolean
}

/** Prose becomes the story, or a request to the model. A slash begins a command. Tab or Enter takes a completion, ↑ brings back the last message. */
export function DmComposer({ roomId, campaignId, myId, state, members, isForModel = false }: Props) {
  const { text, change, send, takeBack, isSending, problem, answer } = useComposer(roomId, 'dm')
  const pasted = usePasteNotice()
  const [to, setTo] = useState('')
  const listeners = members.filter(({ role }) => audienceOf(role) === 'player')
  const listener = listeners.find(({ userId }) => userId === to)
  const [isShut, setIsShut] = useState(false)
  const [place, setPlace] = useState(0)
  const sent = useRef<string[]>([])
  const back = useRef(0)
  const list = useId()
  const found = isShut ? [] : completionsFor(text, state)
  const active = Math.min(place, found.length - 1)

  const submit = async () => {
    const message = text.trim()
    if (await send(message, listener ? { userId: listener.userId } : 'all'))
      sent.current = [...sent.current.slice(-49), message]
    back.current = 0
  }
  const take = (index: number) => {
    const completion = found[index]
    if (completion) edit(completion.text)
  }
  const edit = (next: string) => {
    change(next)
    setIsShut(false)
    setPlace(0)
  }
  const recall = (step: number) => {
    back.current = Math.max(0, Math.min(sent.current.length, back.current + step))
    change(back.current === 0 ? '' : (sent.current.at(-back.current) ?? ''))
    setIsShut(true)
  }
  const keyed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const isListOpen = found.length > 0
    const completes =
      event.key === 'Tab' ||
      (event.key === 'Enter' && found[active]?.text.trim() !== text.trim() && !text.includes(' '))
    if (isListOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      setPlace((active + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length)
    } else if (isListOpen && completes && !event.shiftKey) {
      event.preventDefault()
      take(active)
    } else if (event.key === 'Escape') {
      setIsShut(true)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void submit()
    } else if (event.key === 'ArrowUp' && (text === '' || back.current > 0)) {
      event.preventDefault()
      recall(1)
    } else if (event.key === 'ArrowDown' && back.current > 0) {
      event.preventDefault()
      recall(-1)
    }
  }

  return (
    <form
      className="border-line bg-card relative border-t p-3"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {found.length > 0 && (
        <ul
          id={list}
          role="listbox"
          aria-label="Commands"
          className="border-line bg-raised absolute inset-x-3 bottom-full z-30 mb-1 max-h-80 overflow-y-auto rounded-xl border p-1 shadow-xl"
        >
          {found.map((completion, index) => (
            <Fragment key={completion.text}>
              {completion.group && completion.group !== found[index - 1]?.group && (
                <li aria-hidden="true" className="text-soft px-3 pt-2 pb-1 text-xs font-semibold">
                  {completion.group}
                </li>
              )}
              {/* The keyboard works on the text box, as the combobox pattern has it. */}
              {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
              <li
                ref={index === active ? scrollIntoView : undefined}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === active}
                onClick={() => take(index)}
                className={`flex cursor-pointer flex-wrap justify-between gap-x-4 rounded-lg px-3 py-2 ${index === active ? 'bg-accent text-on-accent' : ''}`}
              >
                <span className="font-semibold">{completion.label}</span>
                <span className={`text-sm ${index === active ? '' : 'text-soft'}`}>{completion.hint}</span>
                {completion.example && completion.example !== completion.label && (
                  <span className={`w-full text-xs ${index === active ? '' : 'text-soft'}`}>
                    e.g. {completion.example}
                  </span>
                )}
              </li>
            </Fragment>
          ))}
        </ul>
      )}
      {listeners.length > 0 && (
        <div className="mb-2 flex items-center gap-2 text-sm">
          <label htmlFor={`${list}-to`} className="text-soft">
            To
          </label>
          <select
            id={`${list}-to`}
            value={listener?.userId ?? ''}
            onChange={(event) => setTo(event.target.value)}
            className={`bg-raised border-line min-h-11 max-w-60 md:min-h-9 truncate rounded-lg border px-2 ${listener ? '!border-accent' : ''}`}
          >
            <option value="">the whole table</option>
            {listeners.map(({ userId, name }) => (
              <option key={userId} value={userId}>
                whisper to {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <OutboxNotice onTakeBack={takeBack} />
      <Problem text={problem} />
      {answer && <p className="text-soft mb-2 max-h-48 overflow-y-auto text-sm whitespace-pre-line">{answer}</p>}
      <div className="flex items-end gap-2">
        <DiceButton roomId={roomId} campaignId={campaignId} myId={myId} isDm />
        <textarea
          aria-label="Message"
          data-skip="Message"
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${list}-${active}` : undefined}
          placeholder={
            listener
              ? `Only ${listener.name} sees this`
              : isForModel
                ? 'Say what happens; the narrator writes it. / for commands'
                : 'Tell the story, or / for commands'
          }
          rows={Math.min(8, Math.max(2, text.split('\n').length))}
          maxLength={4_000}
          className="input resize-none"
          value={text}
          onChange={(event) => edit(event.target.value)}
          onKeyDown={keyed}
          onPaste={pasted}
        />
        <SendButton disabled={isSending || text.trim() === ''} />
      </div>
    </form>
  )
}

const scrollIntoView = (option: HTMLElement | null): void => option?.scrollIntoView({ block: 'nearest' })
