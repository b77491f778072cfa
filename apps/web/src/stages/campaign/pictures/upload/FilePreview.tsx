import { useEffect, useState } from 'react'

/** A file of this device as a small picture, before the server has it. A file that is no picture shows nothing. */
export function FilePreview({ file }: { file: File }) {
  const [address] = useState(() => URL.createObjectURL(file))
  const [isShown, setIsShown] = useState(true)
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return (
    <span aria-hidden="true" className="bg-page size-11 shrink-0 overflow-hidden rounded-lg">
      {isShown && <img src={address} alt="" className="h-full w-full object-cover" onError={() => setIsShown(false)} />}
    </span>
  )
}
