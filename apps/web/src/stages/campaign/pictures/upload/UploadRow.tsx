import { RotateCw, X } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'
import { SendProgress } from './SendProgress.tsx'
import type { Upload, UploadQueue } from './upload-queue.ts'

type Props<Target> = { upload: Upload<Target>; queue: Pick<UploadQueue<Target>, 'cancel' | 'retry'> }

/** A file on its way, or the reason why it did not get there. */
export function UploadRow<Target>({ upload: { key, file, state, share, problem }, queue }: Props<Target>) {
  if (state !== 'failed') return <SendProgress file={file} share={share} onCancel={() => queue.cancel(key)} />
  return (
    <div role="alert" className="flex items-start gap-1">
      <div className="min-w-0 grow text-sm">
        <p dir="auto" className="truncate font-semibold">
          {file.name}
        </p>
        <p className="text-bad [overflow-wrap:anywhere]">{problem}</p>
      </div>
      <IconButton label={`Try ${file.name} again`} onClick={() => queue.retry(key)}>
        <RotateCw size={16} />
      </IconButton>
      <IconButton label={`Dismiss ${file.name}`} onClick={() => queue.cancel(key)}>
        <X size={17} />
      </IconButton>
    </div>
  )
}
