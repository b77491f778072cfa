import { initialsOf, type NarrativeEntry } from '@tablecast/contracts'
import { useLive } from '../../../live/live-store.ts'
import { Portrait } from './Portrait.tsx'
import { usePlayersEyes } from './players-eyes.ts'
import { type Face, faceOfDms, faceOfPlayers } from './shown.ts'
import { useDmsPictures } from './use-dms-face.ts'

/** In a line of the story: the face of the character whom the author plays or speaks as, else the author's initials. */
export function AuthorFace({ author: { id, name } }: { author: NarrativeEntry['author'] }) {
  const preview = usePlayersEyes()
  const played = useLive(({ room }) => {
    const characters = (preview ?? room?.campaign?.view)?.characters
    return characters?.find(({ ownerId }) => ownerId === id) ?? characters?.find((one) => one.name === name)
  })
  const pictures = useDmsPictures()
  const own: Face = { initials: initialsOf(name), portrait: null }
  const face = !played ? own : 'initials' in played ? faceOfPlayers(played) : faceOfDms({ pictures }, played)
  return <Portrait face={face} className="border-line -my-1 size-6 align-middle text-[0.6rem]" />
}
