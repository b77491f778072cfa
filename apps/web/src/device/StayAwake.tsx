import { useStayAwake } from './stay-awake.ts'

/** Keeps the display on while it is shown. */
export function StayAwake() {
  useStayAwake()
  return null
}
