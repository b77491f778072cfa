import { useState } from 'react'
import { HandoutBox } from './HandoutBox.tsx'
import { useHandouts } from './use-handouts.ts'
import { lookAt } from './viewer/looking.ts'

const MAX_HEIGHT_REM = 12
/** Of a text, whose box holds a sign. */
const TEXT_RATIO = 3

/** Under the line of the story that says it was shown. Hidden again, it leaves its place empty, so that no line moves. */
export function StoryHandout({ id }: { id: string }) {
  const handout = useHandouts().find((one) => one.id === id)
  const [known, setKnown] = useState<number | null>(null)
  const ratio = handout ? ratioOf(handout.picture) : known
  if (ratio !== known) setKnown(ratio)
  if (ratio === null) return <p className="mt-1 text-xs italic">It is not shown any more.</p>
  const width = `${MAX_HEIGHT_REM * Math.min(ratio, 1.8)}rem`
  const box = 'border-line mt-2 block max-w-full overflow-hidden rounded-lg border'
  if (!handout)
    return (
      <p
        className={`${box} grid place-items-center border-dashed p-2 text-center text-xs italic`}
        style={{ width, aspectRatio: ratio }}
      >
        It is not shown any more.
      </p>
    )
  return (
    <button
      type="button"
      aria-label={`Look at ${handout.title}`}
      aria-haspopup="dialog"
      className={`${box} hover:border-accent text-left`}
      style={{ width }}
      onClick={() => lookAt(id)}
    >
      <HandoutBox handout={handout} fit="contain" ratio={ratio} />
    </button>
  )
}

/** A panorama stays a stripe, and a tower is not higher than the box. */
const ratioOf = (picture: { width: number; height: number } | null): number =>
  picture ? Math.min(Math.max(picture.width / picture.height, 0.5), 4) : TEXT_RATIO
