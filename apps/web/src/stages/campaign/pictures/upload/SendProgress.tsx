import { X } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'
import { FilePreview } from './FilePreview.tsx'

type Props = { file: File; share: number; onCancel: () => void }

/** How much of a picture has gone out, and a way to stop it. */
export function SendProgress({ file, share, onCancel }: Props) {
  const what = file.name
  const percent = Math.round(share * 100)
  return (
    <div className="flex items-center gap-2">
      <FilePreview file={file} />
      <div className="min-w-0 grow">
        <p dir="auto" className="truncate text-sm">
          {what}
        </p>
        <div
          role="progressbar"
          aria-label={`Upload of ${what}`}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
          className="bg-page mt-1 h-2 overflow-hidden rounded-full"
        >
          <div className="bg-accent h-full rounded-full transition-all" style={{ width: `${percent}%` }} />
        </div>
        <p className="text-soft mt-1 text-xs tabular-nums">
          {share < 1 ? `${percent} % sent` : 'The server checks the picture…'}
        </p>
      </div>
      <IconButton label={`Cancel the upload of ${what}`} onClick={onCancel}>
        <X size={17} />
      </IconButton>
    </div>
  )
}
