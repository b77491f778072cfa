// The files of maps on their way: each becomes a map of the campaign as soon as the server has it.
import { create } from 'zustand'
import type { Where } from '../../pictures/operate-pictures.ts'
import { api } from '../../../../api.ts'
import { sendPicture } from '../../pictures/upload/send-picture.ts'
import { titleOfFile } from '../../pictures/upload/title-of-file.ts'
import { type Upload, UploadQueue } from '../../pictures/upload/upload-queue.ts'
import { openMap } from './map-desk.ts'

export const useMapUploads = create<{ list: readonly Upload<Where>[] }>(() => ({ list: [] }))

export const mapUploads: UploadQueue<Where> = new UploadQueue<Where>({
  send: sendPicture,
  roomOf: ({ roomId }) => roomId,
  useOf: () => ({ kind: 'map' }),
  async place({ id }, { target, file, callKey }) {
    const operation = { type: 'addMap' as const, title: titleOfFile(file.name) || 'A map', picture: { id } }
    const answer = await api.maps.operate.mutate({ ...target, key: callKey, operation })
    const [made] = answer.madeIds
    if (made !== undefined) openMap(made)
  },
  changed: (list) => useMapUploads.setState({ list }),
})
