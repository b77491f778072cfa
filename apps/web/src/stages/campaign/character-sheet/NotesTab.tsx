import type { Sheet } from '@tablecast/bestiary/sheet'
import { Nothing } from '../../../ui/section.tsx'

export const NotesTab = ({ sheet: { notes } }: { sheet: Sheet }) =>
  notes ? (
    <p className="text-sm [overflow-wrap:anywhere] whitespace-pre-line">{notes}</p>
  ) : (
    <Nothing>No notes yet.</Nothing>
  )
