import { RotateCw, X } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'
import type { Upload } from '../upload/upload-queue.ts'
import { SendProgress } from '../upload/SendProgress.tsx'
import type { PictureTarget } from './desk.ts'
import { uploads } from './uploads.ts'

/** A picture on its way, or the reason why it did not get there. */
export function UploadRow({ upload }: { upload: Upload<PictureTarget> }) {
  const { key, file, state, share, problem } = upload
  if (state !== 'failed') return <SendProgress file={file} share={share} onCancel={() => uploads.cancel(key)} />
  return (
    <div role="alert" className="flex items-start gap-1">
      <div className="min-w-0 grow text-sm">
        <p dir="auto" className="truncate font-semibold">
          {file.name}
        </p>
        <p className="text-bad [overflow-wrap:anywhere]">{problem}</p>
      </div>
      <IconButton label={`Try ${file.name} again`} onClick={() => uploads.retry(key)}>
        <RotateCw size={16} />
      </IconButton>
      <IconButton label={`Dismiss ${file.name}`} onClick={() => uploads.cancel(key)}>
        <X size={17} />
      </IconButton>
    </div>
  )
}
