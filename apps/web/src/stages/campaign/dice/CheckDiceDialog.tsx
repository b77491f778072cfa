import type { DiceChain } from '@tablecast/contracts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import type { DiceReport, Tally } from './check-chains.ts'
import { CurrentDice } from './CurrentDice.tsx'
import { ShownSeeds } from './ShownSeeds.tsx'
import { type CheckDiceProps, useDiceCheck } from './use-dice-check.ts'

type Props = CheckDiceProps & { isOpen: boolean; setOpen: (isOpen: boolean) => void }

export function CheckDiceDialog({ isOpen, setOpen, ...props }: Props) {
  return (
    <Dialog title="Check the dice" open={isOpen} onOpenChange={setOpen}>
      <CheckDice key={props.campaignId} {...props} />
    </Dialog>
  )
}

/** Checks when it opens, and again when somebody asks. */
function CheckDice({ roomId, campaignId, isDm }: CheckDiceProps) {
  const { report, looked, problem, again } = useDiceCheck(roomId, campaignId)
  const current = (kind: DiceChain['kind']) => report?.chains.find((one) => one.kind === kind && one.isCurrent)
  return (
    <div className="flex flex-col gap-5">
      <p className="text-soft text-sm">
        The server commits to a seed before it throws the first die. When the DM shows the seed, your page computes
        every roll again. Not proven: the operator of the server could know the seed.
      </p>
      <div role="status" className="bg-raised border-line rounded-xl border p-4" data-testid="dice-check">
        {report ? <Result report={report} /> : !problem && <p>{lookedInWords(looked)}</p>}
        <Problem text={problem} />
      </div>
      {report && (
        <>
          <CurrentDice
            title="Current dice"
            chain={current('open')}
            where={{ roomId, campaignId }}
            isDm={isDm}
            onShown={again}
          />
          {isDm && (
            <CurrentDice
              title="Secret dice, for DMs alone"
              chain={current('secret')}
              where={{ roomId, campaignId }}
              isDm
              onShown={again}
            />
          )}
          <ShownSeeds report={report} />
          <Unchecked chains={report.chains} />
        </>
      )}
      <Button className="self-start" disabled={!report && !problem} onClick={again}>
        Check again
      </Button>
    </div>
  )
}

const lookedInWords = (looked: number): string =>
  looked === 0 ? 'Reading the dice…' : `${looked.toLocaleString('en')} rolls computed…`

function Result({ report: { tallies, mismatches } }: { report: DiceReport }) {
  if (tallies.open.all === 0 && tallies.secret.all === 0)
    return <p>No seed has been shown yet, so there is nothing to check.</p>
  return (
    <>
      <Count tally={tallies.open} />
      {tallies.secret.all > 0 && <Count tally={tallies.secret} what="Secret dice: " />}
      {mismatches.length > 0 && (
        <ul className="text-bad mt-2 flex max-h-60 list-disc flex-col gap-1 overflow-y-auto pl-5 text-sm" tabIndex={0}>
          {mismatches.map(({ chain, roll, why }) => (
            <li key={`${chain.id} ${roll?.counter ?? 'all'} ${why}`} className="[overflow-wrap:anywhere]">
              {roll
                ? `Roll ${(roll.counter + 1).toLocaleString('en')}, ${roll.notation} = ${roll.total}: ${why}`
                : `The seed of ${new Date(chain.beganAt).toLocaleString()}: ${why}`}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Count({ tally: { good, all }, what = '' }: { tally: Tally; what?: string }) {
  const looks = good === all ? 'text-good' : 'text-bad'
  return (
    <p className={`text-lg font-semibold ${looks}`}>
      {what}
      {good.toLocaleString('en')} of {all.toLocaleString('en')} as committed
    </p>
  )
}

/** The rolls that nobody can check, and why. */
function Unchecked({ chains }: { chains: readonly DiceChain[] }) {
  const lost = chains.filter(({ seed, isCurrent }) => seed === null && !isCurrent)
  const count = lost.reduce((sum, { rolls }) => sum + rolls, 0)
  const hasEarlier = chains.some(({ earlierRolls }) => earlierRolls)
  return (
    <>
      {count > 0 && (
        <p className="text-soft text-sm">
          {count.toLocaleString('en')} rolls can’t be checked: their seed was lost when the server’s backup was
          restored.
        </p>
      )}
      {hasEarlier && (
        <p className="text-soft text-sm">
          This story has older rolls that can’t be checked: of an earlier version, of an import or of a copy.
        </p>
      )}
    </>
  )
}
