import { useMutation, useQuery } from '@tanstack/react-query'
import { messageOf } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import { useNotify } from '../../../ui/toast.tsx'
import { previewFile } from './chosen-file.ts'

type Props = {
  roomId: string
  file: File
  /** Of this choosing: the same file may have changed since it was chosen before. */
  choice: number
  onClose: () => void
  onImported: () => void
}

/** A preview of the campaign that a file would become. */
export function ImportDialog({ roomId, file, choice, onClose, onImported }: Props) {
  const notify = useNotify()
  const preview = useQuery({
    queryKey: ['import', roomId, choice],
    queryFn: () => previewFile(roomId, file),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const taking = useMutation({
    mutationFn: (take: NonNullable<typeof preview.data>['take']) => take(),
    onSuccess: ({ report }) => {
      // A picture may turn out to be damaged when it is read.
      const news = report.leftOut.filter((sentence) => !data?.report.leftOut.includes(sentence))
      const left = news.length > 0 ? ` Left out: ${news.join(' ')}` : ''
      notify(
        `${report.name} is imported`,
        `You find it among the campaigns. Players see it once you activate it.${left}`,
      )
      onImported()
    },
  })
  const problem = preview.error ?? taking.error
  const { data } = preview
  return (
    <Dialog title="Import" open onOpenChange={(open) => !open && !taking.isPending && onClose()}>
      <p className="text-soft mb-3 text-sm [overflow-wrap:anywhere]">
        {preview.isLoading
          ? `Reading ${file.name}…`
          : `From ${file.name}. Nothing is stored until you choose “Import”.`}
      </p>
      <Problem text={problem ? messageOf(problem) : null} />
      {data && (
        <div data-testid="import-report">
          <h3 className="text-lg [overflow-wrap:anywhere]">{data.report.name}</h3>
          <Sentences title="Kept" sentences={data.report.kept} />
          <Sentences title="Changed" sentences={data.report.changed} />
          <Sentences title="Left out" sentences={data.report.leftOut} />
        </div>
      )}
      <div className="bg-card border-line sticky -bottom-5 -mx-5 mt-5 -mb-5 flex justify-end gap-3 border-t px-5 py-4">
        <Button onClick={onClose} disabled={taking.isPending}>
          Cancel
        </Button>
        <Button look="primary" disabled={!data || taking.isPending} onClick={() => data && taking.mutate(data.take)}>
          {taking.isPending ? 'Importing…' : 'Import'}
        </Button>
      </div>
    </Dialog>
  )
}

function Sentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <section className="mt-3">
      <h4 className="text-soft mb-1 text-xs font-semibold tracking-widest uppercase">{title}</h4>
      <ul className="flex list-disc flex-col gap-1 pl-5 text-sm [overflow-wrap:anywhere]">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}
