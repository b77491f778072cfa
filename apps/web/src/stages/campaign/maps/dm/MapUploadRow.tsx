import { RotateCw, X } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'
import { SendProgress } from '../../pictures/upload/SendProgress.tsx'
import { type MapUpload, mapUploads } from './map-uploads.ts'

/** A file of a map on its way, or the reason why it did not get there. */
export function MapUploadRow({ upload: { key, file, state, share, problem } }: { upload: MapUpload }) {
  if (state !== 'failed') return <SendProgress file={file} share={share} onCancel={() => mapUploads.cancel(key)} />
  return (
    <div role="alert" className="flex items-start gap-1">
      <div className="min-w-0 grow text-sm">
        <p dir="auto" className="truncate font-semibold">
          {file.name}
        </p>
        <p className="text-bad [overflow-wrap:anywhere]">{problem}</p>
      </div>
      <IconButton label={`Try ${file.name} again`} onClick={() => mapUploads.retry(key)}>
        <RotateCw size={16} />
      </IconButton>
      <IconButton label={`Dismiss ${file.name}`} onClick={() => mapUploads.cancel(key)}>
        <X size={17} />
      </IconButton>
    </div>
  )
}
