import { Toasts } from '../../../ui/toast.tsx'
import { Console } from './Console.tsx'

/** The page of a DM: the console, and the short messages that answer what is done there. */
export const DmPage = () => (
  <Toasts>
    <Console />
  </Toasts>
)
