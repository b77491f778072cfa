import type { Crop, ShownPortrait } from '@tablecast/contracts'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { wholeCrop } from '../crop.ts'
import { type AskedPictureOperation, operatePictures, type Where } from '../operate-pictures.ts'
import { PictureField } from '../upload/PictureField.tsx'
import { sendPicture } from '../upload/send-picture.ts'
import { SendProgress } from '../upload/SendProgress.tsx'
import { Cropper } from './Cropper.tsx'

type Props = {
  where: Where
  character: { id: string; name: string }
  portrait: ShownPortrait | null
  onClose: () => void
}

/** Sets, crops and removes the portrait of a character. */
export function PortraitDialog({ where, character: { id: characterId, name }, portrait, onClose }: Props) {
  const [sent, setSent] = useState<{ file: File; share: number } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [draft, setDraft] = useState<{ of: string; crop: Crop } | null>(null)
  const sending = useRef<AbortController>(null)
  // Another picture begins with a crop of its own.
  const crop = draft?.of === portrait?.name ? draft?.crop : undefined
  useEffect(() => () => sending.current?.abort(), [])

  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setProblem(null)
    try {
      await work()
      return true
    } catch (error) {
      setProblem(messageOf(error))
      return false
    }
  }
  const operate = (operation: AskedPictureOperation) => attempt(() => operatePictures(where, operation))
  const choose = async (file: File) => {
    const abort = new AbortController()
    sending.current = abort
    setSent({ file, share: 0 })
    await attempt(async () => {
      const use = { kind: 'portrait', characterId } as const
      const { id: pictureId } = await sendPicture(
        where.roomId,
        file,
        use,
        (share) => setSent({ file, share }),
        abort.signal,
      )
      await operatePictures(where, { type: 'setPortrait', characterId, pictureId, crop: wholeCrop })
    })
    if (abort.signal.aborted) setProblem(null)
    setSent(null)
  }
  const save = async () => {
    if (crop === undefined || (await operate({ type: 'cropPortrait', characterId, crop }))) onClose()
  }
  return (
    <Dialog title={`Portrait of ${name}`} open onOpenChange={(open) => !open && onClose()}>
      <Problem text={problem} />
      {sent === null ? (
        <PictureField
          label={portrait ? 'Choose another picture' : 'Choose a picture'}
          onChosen={([file]) => file && void choose(file)}
        />
      ) : (
        <SendProgress {...sent} onCancel={() => sending.current?.abort()} />
      )}
      {portrait && (
        <div className="mt-4">
          <Cropper
            picture={portrait}
            crop={crop ?? portrait.crop}
            onCrop={(next) => setDraft({ of: portrait.name, crop: next })}
          />
          <div className="mt-5 flex flex-wrap justify-between gap-3">
            <Button
              look="danger"
              onClick={() =>
                void operate({ type: 'setPortrait', characterId, pictureId: null }).then((done) => done && onClose())
              }
            >
              Remove the portrait
            </Button>
            <Button look="primary" onClick={() => void save()}>
              Save
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
