import { RotateCw, X } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'
import { SendProgress } from './SendProgress.tsx'
import type { Upload, UploadQueue } from './upload-queue.ts'

type Props<Target> = { upload: Upload<Target>; queue: Pick<UploadQueue<Target>, 'cancel' | 'retry'> }

/** A file on its way, the reason why it did not get there, or what was left out of it. */
export function UploadRow<Target>({ upload, queue }: Props<Target>) {
  const { key, file, state, share, problem, warnings } = upload
  if (state !== 'failed' && state !== 'placed')
    return <SendProgress file={file} share={share} onCancel={() => queue.cancel(key)} />
  return (
    <div role={state === 'failed' ? 'alert' : 'status'} className="mb-3 flex items-start gap-1">
      <div className="min-w-0 grow text-sm">
        <p dir="auto" className="truncate font-semibold">
          {file.name}
        </p>
        {state === 'failed' ? (
          <p className="text-bad [overflow-wrap:anywhere]">{problem}</p>
        ) : (
          <Warnings of={warnings} />
        )}
      </div>
      {state === 'failed' && (
        <IconButton label={`Try ${file.name} again`} onClick={() => queue.retry(key)}>
          <RotateCw size={16} />
        </IconButton>
      )}
      <IconButton label={`Dismiss ${file.name}`} onClick={() => queue.cancel(key)}>
        <X size={17} />
      </IconButton>
    </div>
  )
}

const Warnings = ({ of }: { of: readonly string[] }) => (
  <>
    <p className="text-warn">It is here, with a few changes:</p>
    <ul className="text-soft list-disc ps-5 [overflow-wrap:anywhere]">
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  </>
)
