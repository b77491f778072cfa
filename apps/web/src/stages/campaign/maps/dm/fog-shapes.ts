import { BoxSelect, Brush, DoorOpen, type LucideIcon, Pentagon } from 'lucide-react'
import type { FogShapeKind } from '../tools/draft.ts'

export const fogShapes: readonly (readonly [FogShapeKind, string, LucideIcon])[] = [
  ['rectangle', 'Rectangle', BoxSelect],
  ['polygon', 'Polygon', Pentagon],
  ['brush', 'Brush', Brush],
  ['room', 'Whole room, up to its walls', DoorOpen],
]
