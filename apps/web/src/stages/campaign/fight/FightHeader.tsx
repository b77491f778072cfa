import { Button } from '../../../ui/button.tsx'
import { Toolbar } from '../../../ui/Toolbar.tsx'
import { EndFight } from './EndFight.tsx'
import { useFight } from './fight-context.ts'
import { turnOperations } from './turn-operations.ts'

type Props = { isStoryShown: boolean; showStory: (isShown: boolean) => void }

/** The round, the acting fighter, and the buttons that pass turns. */
export function FightHeader({ isStoryShown, showStory }: Props) {
  const { state, operate } = useFight()
  const { turn, characters, encounter } = state
  const acting = characters.find(({ id }) => id === turn.current)
  const { next, back } = turnOperations(turn)
  const missing = characters.filter(({ id }) => encounter?.awaiting.includes(id))
  return (
    <div className="border-line flex flex-col gap-1.5 border-b px-3 py-2">
      <div className="flex items-center gap-2">
        <h2 className="min-w-0 grow truncate font-sans text-sm font-semibold" title={encounter?.name}>
          {turn.round > 0 ? `Round ${turn.round}` : 'Before the first round'}
          {acting && <span className="text-soft font-normal"> · {acting.name} acts</span>}
        </h2>
        <Button
          look="quiet"
          aria-pressed={isStoryShown}
          className="!min-h-9 shrink-0 !px-2 text-sm whitespace-nowrap md:hidden"
          onClick={() => showStory(!isStoryShown)}
        >
          {isStoryShown ? 'Hide the story' : 'Story'}
        </Button>
      </div>
      <Toolbar label="Turns" isOneLine>
        <Button look="primary" data-skip="Turns" className="!min-h-10 grow" onClick={() => void operate(next)}>
          {turn.round > 0 ? 'Next turn' : 'Begin round 1'}
        </Button>
        <Button className="!min-h-10 !px-3" disabled={turn.current === null} onClick={() => void operate(back)}>
          Back
        </Button>
        <EndFight />
      </Toolbar>
      {missing.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm" role="group" aria-label="Initiative">
          <span className="text-warn min-w-0">No initiative yet: {missing.map(({ name }) => name).join(', ')}</span>
          <Button
            className="!min-h-9 !px-3 text-sm"
            onClick={() => void operate({ type: 'rollInitiative', targets: missing.map(({ id }) => id) })}
          >
            Roll for {missing.length === 1 ? 'it' : 'all'}
          </Button>
        </p>
      )}
    </div>
  )
}
