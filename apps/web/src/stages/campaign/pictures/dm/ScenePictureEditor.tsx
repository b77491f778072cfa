import type { CampaignState } from '@tablecast/contracts'
import { Trash2 } from 'lucide-react'
import { useId } from 'react'
import { Button } from '../../../../ui/button.tsx'
import type { Where } from '../operate-pictures.ts'
import { sceneOfDms } from '../shown.ts'
import { PictureField } from '../upload/PictureField.tsx'
import { FocusPoint } from './FocusPoint.tsx'
import { SavedField } from './SavedField.tsx'
import { uploads } from './uploads.ts'
import { useActOnPictures } from './use-act-on-pictures.ts'
import { useEditText } from './use-edit-text.ts'
import { useSettled } from './use-settled.ts'

export type ScenePictureEditorProps = { where: Where; state: CampaignState }

/** The picture behind the title of the scene: the point that stays in view, and how dark it is. */
export function ScenePictureEditor({ where, state }: ScenePictureEditorProps) {
  const id = useId()
  const { act, actWithUndo } = useActOnPictures(where)
  const editText = useEditText(where)
  const scene = sceneOfDms(state)
  const [focus, setFocus] = useSettled(scene?.focus ?? { x: 0.5, y: 0.5 }, (next) =>
    act({ type: 'editScenePicture', focus: next }),
  )
  const [dimming, setDimming] = useSettled(scene?.dimming ?? 0, (next) =>
    act({ type: 'editScenePicture', dimming: next }),
  )
  const choose = ([file]: readonly File[]) => file && uploads.add([file], { where, place: { kind: 'scene' } })
  return (
    <div className="mt-3 flex flex-col gap-3">
      {scene && (
        <>
          <FocusPoint picture={scene} focus={focus} dimming={dimming} onFocus={setFocus} />
          <div>
            <label htmlFor={id} className="text-soft block text-sm">
              Darker: {Math.round(dimming * 100)} %
            </label>
            <input
              id={id}
              type="range"
              min={0}
              max={0.8}
              step={0.05}
              value={dimming}
              className="accent-accent h-11 w-full"
              onInput={(event) => setDimming(Number(event.currentTarget.value))}
            />
          </div>
          <SavedField
            label="What the picture shows"
            hint="It is read aloud to players who can’t see the picture."
            value={scene.alt}
            maxLength={300}
            save={(next, before) =>
              editText({
                what: 'What the picture of the scene shows',
                was: before,
                is: next,
                operation: (is, was) => ({ type: 'editScenePicture', alt: is, was: { alt: was } }),
              })
            }
          />
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <PictureField
          label={scene ? 'Choose another picture' : 'Choose a picture of the scene'}
          adds="scene-picture"
          onChosen={choose}
        />
        {scene && (
          <Button
            look="danger"
            onClick={() => actWithUndo({ type: 'setScenePicture', picture: null }, 'The scene has no picture any more')}
          >
            <Trash2 size={16} aria-hidden="true" /> Remove it
          </Button>
        )}
      </div>
    </div>
  )
}
