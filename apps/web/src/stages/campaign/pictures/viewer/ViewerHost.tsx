import { useEffect, useState } from 'react'
import { useLive } from '../../../../live/live-store.ts'
import { usePart } from '../../../../ui/use-part.tsx'
import { loadViewer } from '../later-parts.ts'
import type { ShownHandout, ShownScenePicture } from '@tablecast/contracts'
import { useHandouts } from '../use-handouts.ts'
import { lookAt, SCENE, useLooking } from './looking.ts'

type Props = {
  /** An older server sends none. */
  scene: ShownScenePicture | null | undefined
  /** The title of the scene. */
  title: string
  /** The handout that the DM shows now. It opens by itself. */
  presentedId: string | null
}

/** Opens the handout that a person chose, or the one that the DM shows now until the DM ends it or the person closes it. */
export function ViewerHost({ scene, title, presentedId }: Props) {
  const handouts = useHandouts()
  const looked = useLooking((state) => state.looked)
  const { shownId, close } = useShownId(looked, presentedId)
  const ofScene: ShownHandout | null | undefined = scene && {
    id: SCENE,
    title,
    text: '',
    alt: scene.alt,
    picture: scene,
  }
  const shown = shownId === SCENE ? ofScene : handouts.find(({ id }) => id === shownId)

  const { Part: Viewer, want, problem } = usePart(loadViewer)
  const mayLoad = useLive(({ mayLoadMore }) => mayLoadMore)
  // It is at hand before somebody looks, also when the network is gone by then.
  const isWanted = Boolean(shown) || (mayLoad && (Boolean(scene) || handouts.length > 0))
  useEffect(() => {
    if (isWanted) want()
  }, [isWanted, want])

  if (!shown) return null
  return Viewer ? <Viewer handout={shown} onClose={close} /> : problem
}

/** A handout that the DM shows now comes before one that the person opened earlier. A second showing opens it again. */
function useShownId(looked: { id: string } | null, presentedId: string | null) {
  // `hides`: what was open when the DM began to show something.
  const [held, setHeld] = useState({ id: presentedId, isClosed: false, hides: looked })
  if (held.id !== presentedId)
    setHeld({ id: presentedId, isClosed: false, hides: presentedId === null ? held.hides : looked })
  const opened = looked === held.hides ? null : looked
  const shownId = opened?.id ?? (held.isClosed ? null : held.id)
  const close = () => {
    lookAt(null)
    setHeld({ ...held, isClosed: true })
  }
  return { shownId, close }
}
