// What stands beside the story: party, turns, surroundings. Fed by a view alone, so that a DM can look at the players' own.
import { DM_TURN, type Health, type PlayerCharacter, type PlayerView } from '@tablecast/contracts'
import { Check, Circle } from 'lucide-react'
import type { ReactNode } from 'react'
import { Flash } from '../../ui/flash.tsx'
import { OwnCharacter } from './OwnCharacter.tsx'

const healthWords: Record<Health, string> = { unhurt: 'Unhurt', hurt: 'Hurt', bloodied: 'Bloodied', down: 'Down' }
const healthColours: Record<Health, string> = {
  unhurt: 'bg-good',
  hurt: 'bg-good',
  bloodied: 'bg-warn',
  down: 'bg-bad',
}

/** The campaign in which a player may change the characters that are bound to them. */
export type Own = { roomId: string; campaignId: string }

export function Party({ view, myId, own }: { view: PlayerView; myId: string | null; own?: Own | undefined }) {
  return (
    <Section title="Party">
      {view.characters.length === 0 && <Nothing>Nobody has come forward yet.</Nothing>}
      <ul className="flex flex-col gap-2">
        {view.characters.map((character) => (
          <li key={character.id}>
            <CharacterCard
              character={character}
              isMine={myId !== null && character.ownerId === myId}
              isActing={view.turn.current === character.id}
              own={own}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function CharacterCard({
  character,
  isMine,
  isActing,
  own,
}: {
  character: PlayerCharacter
  isMine: boolean
  isActing: boolean
  own: Own | undefined
}) {
  const { name, hp, health, armourClass, conditions } = character
  const share = hp ? Math.max(0, Math.min(1, hp.current / Math.max(1, hp.max))) : null
  return (
    <Flash value={[hp, health, conditions]} className={`border p-3 ${isActing ? 'border-accent' : 'border-line'}`}>
      <div data-testid="character" role="group" aria-label={name}>
        <p className="flex items-baseline justify-between gap-2">
          <span className="font-semibold [overflow-wrap:anywhere]">
            {name}
            {isMine && <span className="text-accent text-xs font-normal"> (you)</span>}
          </span>
          <span className="text-soft shrink-0 text-sm">{armourClass !== null && `AC ${armourClass}`}</span>
        </p>
        {hp && share !== null ? (
          <div className="mt-1.5 flex items-center gap-2">
            <div
              role="meter"
              aria-label={`Hit points of ${name}`}
              aria-valuenow={hp.current}
              aria-valuemin={0}
              aria-valuemax={hp.max}
              className="bg-page h-2 grow overflow-hidden rounded-full"
            >
              <div
                className={`h-full rounded-full transition-all ${healthColours[health]}`}
                style={{ width: `${share * 100}%` }}
              />
            </div>
            <span className="text-sm tabular-nums">
              {hp.current}/{hp.max}
              {hp.temp > 0 && <span className="text-soft"> +{hp.temp}</span>}
            </span>
          </div>
        ) : (
          <p className="text-soft mt-1 text-sm">{healthWords[health]}</p>
        )}
        {conditions.length > 0 && (
          <ul aria-label={`Conditions of ${name}`} className="mt-2 flex flex-wrap gap-1.5">
            {conditions.map((condition) => (
              <li key={condition} className="bg-raised text-warn rounded-full px-2.5 py-0.5 text-xs">
                {condition}
              </li>
            ))}
          </ul>
        )}
        {isMine && own && <OwnCharacter {...own} character={character} />}
      </div>
    </Flash>
  )
}

export function TurnOrder({ view, myId }: { view: PlayerView; myId: string | null }) {
  const { round, order, current } = view.turn
  if (order.length === 0 && current === null) return null
  const names = new Map(view.characters.map((character) => [character.id, character]))
  return (
    <Section title={`Turns, round ${round}`}>
      <Flash value={view.turn}>
        <ol className="flex flex-col gap-1">
          {current === DM_TURN && <TurnLine name="The DM acts" note="now" isNow />}
          {order.map((id) => {
            const character = names.get(id)
            const isMine = myId !== null && character?.ownerId === myId
            return (
              <TurnLine
                key={id}
                name={character?.name ?? '…'}
                isNow={id === current}
                note={id === current ? (isMine ? 'your turn' : 'now') : ''}
              />
            )
          })}
        </ol>
      </Flash>
    </Section>
  )
}

function TurnLine({ name, note, isNow }: { name: string; note: string; isNow: boolean }) {
  return (
    <li
      aria-current={isNow ? 'step' : undefined}
      className={`flex justify-between gap-3 rounded-lg px-3 py-1.5 ${isNow ? 'bg-accent text-on-accent font-semibold' : 'text-soft'}`}
    >
      <span className="[overflow-wrap:anywhere]">{name}</span>
      <span className="shrink-0 text-sm">{note}</span>
    </li>
  )
}

export function Surroundings({ view }: { view: PlayerView }) {
  return (
    <>
      <Section title="Scene">
        <Flash value={[view.scene, view.status]}>
          <p className="font-serif [overflow-wrap:anywhere]">{view.scene || 'Somewhere'}</p>
          {view.status && <p className="text-soft mt-1 text-sm">{view.status}</p>}
        </Flash>
      </Section>
      <List title="Around you" items={view.environment.map(({ id, text }) => ({ id, text }))} />
      <List
        title="Threats"
        items={view.threats.map(({ id, name, detail }) => ({ id, text: detail ? `${name}: ${detail}` : name }))}
      />
      {view.beats.length > 0 && (
        <Section title="Story so far">
          <ul className="flex flex-col gap-2">
            {view.beats.map(({ id, text, done }) => (
              <li key={id}>
                <Flash value={done} className="flex gap-2">
                  {done ? (
                    <Check size={17} className="text-good mt-0.5 shrink-0" aria-label="Done" />
                  ) : (
                    <Circle size={15} className="text-soft mt-1 shrink-0" aria-label="Open" />
                  )}
                  <span className={done ? 'text-soft' : ''}>{text}</span>
                </Flash>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function List({ title, items }: { title: string; items: { id: string; text: string }[] }) {
  if (items.length === 0) return null
  return (
    <Section title={title}>
      <Flash value={items}>
        <ul className="flex list-disc flex-col gap-1 pl-5 [overflow-wrap:anywhere]">
          {items.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      </Flash>
    </Section>
  )
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mb-6">
      <h2 className="text-soft mb-2 font-sans text-xs font-semibold tracking-widest uppercase">{title}</h2>
      {children}
    </section>
  )
}

export const Nothing = ({ children }: { children: ReactNode }) => <p className="text-soft text-sm italic">{children}</p>
