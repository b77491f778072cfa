// The uploads of a DM's console: each picture gets its place as soon as the server has it.
import { openPortrait, type PictureTarget, unfoldHandout, useDesk } from './desk.ts'
import { operatePictures } from '../operate-pictures.ts'
import { sendPicture, type SentPicture } from '../upload/send-picture.ts'
import { titleOfFile } from '../upload/title-of-file.ts'
import { type Upload, UploadQueue } from '../upload/upload-queue.ts'

export const uploads: UploadQueue<PictureTarget> = new UploadQueue<PictureTarget>({
  send: sendPicture,
  roomOf: ({ where }) => where.roomId,
  useOf: ({ place }) => (place.kind === 'portrait' ? place : { kind: 'campaign' }),
  place: placePicture,
  changed: (list) => useDesk.setState({ uploads: list }),
})

async function placePicture({ id: pictureId }: SentPicture, upload: Upload<PictureTarget>): Promise<void> {
  const { where, place } = upload.target
  switch (place.kind) {
    case 'tray': {
      const title = titleOfFile(upload.file.name)
      const added = await operatePictures(where, { type: 'addHandout', title, pictureId }, upload.callKey)
      unfoldHandout(added.handoutId)
      return
    }
    case 'scene':
      await operatePictures(where, { type: 'setScenePicture', picture: { pictureId } }, upload.callKey)
      return
    case 'portrait': {
      const { characterId } = place
      await operatePictures(where, { type: 'setPortrait', characterId, pictureId }, upload.callKey)
      openPortrait(characterId)
    }
  }
}
