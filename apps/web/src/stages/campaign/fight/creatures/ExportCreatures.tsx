import { Upload } from 'lucide-react'
import { api, messageOf } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { saveAs } from '../../../../ui/save-as.ts'
import { useNotify } from '../../../../ui/toast.tsx'
import type { Where } from '../use-operate.ts'

type Format = 'improved-initiative' | 'vault'

/** The room's own creatures as files of other programs. */
export function ExportCreatures({ where }: { where: Where }) {
  const notify = useNotify()
  const download = (format: Format) =>
    void api.statBlocks.export.query({ ...where, format }).then(
      ({ fileName, text, zip }) => saveAs(fileName, new Blob([text ?? bytesOf(zip ?? '')])),
      (failure: unknown) => notify('That did not work', messageOf(failure)),
    )
  return (
    <>
      <Button look="quiet" className="!min-h-9 !px-3 text-sm" onClick={() => download('improved-initiative')}>
        <Upload size={15} aria-hidden="true" /> Export for Improved Initiative
      </Button>
      <Button look="quiet" className="!min-h-9 !px-3 text-sm" onClick={() => download('vault')}>
        <Upload size={15} aria-hidden="true" /> Export as notes
      </Button>
    </>
  )
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
