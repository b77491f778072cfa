import type { ClipboardEvent } from 'react'
import { useNotify } from './toast.tsx'

/** For a field with a `maxLength`: a browser cuts a longer paste without a word. */
export function usePasteNotice(): (event: ClipboardEvent<HTMLInputElement | HTMLTextAreaElement>) => void {
  const notify = useNotify()
  return ({ currentTarget, clipboardData }) => {
    const { maxLength, value, selectionStart, selectionEnd } = currentTarget
    const replaced = (selectionEnd ?? 0) - (selectionStart ?? 0)
    const over = value.length - replaced + clipboardData.getData('text').length - maxLength
    if (maxLength >= 0 && over > 0)
      notify(
        'Not all of it was pasted',
        `This field holds ${maxLength.toLocaleString()} characters: the last ${over.toLocaleString()} were left out.`,
      )
  }
}
